/**
 * Copies the emoji of the npm package `emoji-datasource-google` into a folder for each category, one picture of each.
 *
 *     deno run -A by_category.ts PACKAGE FOLDER
 */
const [packed, folder] = Deno.args as [string, string];
const emoji: { readonly category: string; readonly image: string }[] = JSON.parse(
  await Deno.readTextFile(`${packed}/emoji.json`),
);
for (const { category, image } of emoji) {
  if (category === "Component") continue; // tones of skin and hair, no pictures of their own
  const name = category.toLowerCase().replaceAll(/[^a-z]+/g, "-");
  await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  await Deno.copyFile(`${packed}/img/google/64/${image}`, `${folder}/${name}/${image}`);
}
