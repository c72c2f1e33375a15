/**
 * What people mean who write a value of the spec as other tools take it: `--epochs 3` (argparse),
 * `training.epochs=3` and `training.epochs=1,2,3` (Hydra).
 */

const MOST_SUGGESTIONS = 3;
/** `+` and `~` in front add and remove a value in Hydra. */
const SETTING = /^[+~]{0,2}([A-Za-z$][\w$]*(?:\.[\w$]+|\[\d+\])*)=(.*)$/s;

/** Whether an argument that is no option was meant as an override of the spec. */
export function looksLikeSetting(argument: string): boolean {
  return SETTING.test(argument) && !argument.endsWith(".json");
}

/** How what `looksLikeSetting` is written here. */
export function settingInWords(argument: string): string[] {
  const [, path, value] = SETTING.exec(argument)!;
  return isSeveral(value!)
    ? [
      `Several values are tried by a sweep, in a file of its own: "matrix": { "${path}": [${value}] }`,
      "Then: deno task sweep FILE",
    ]
    : [`A value of the spec is overridden by --set: --set ${path}=${value}`];
}

/** How an option that there is none of is written, where its name is one of the spec's keys. */
export async function settingInOption(name: string, value = "..."): Promise<string[]> {
  const { experimentJsonSchema } = await import("../../spec/json_schema.ts");
  const { leafPaths } = await import("../../spec/messages/schema_tree.ts");
  const { nearest } = await import("../../base/nearest.ts");
  const paths = leafPaths(experimentJsonSchema());
  const wanted = name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const ends = (path: string, key: string) => `.${path}`.endsWith(`.${key}`);
  const inside = (path: string, key: string) => `.${path}.`.includes(`.${key}.`);
  const near = nearest(wanted, new Set(paths.map((path) => path.slice(path.lastIndexOf(".") + 1))));
  const meant = [
    paths.filter((path) => ends(path, wanted)),
    paths.filter((path) => inside(path, wanted)),
    near === undefined ? [] : paths.filter((path) => ends(path, near)),
  ].find((found) => found.length > 0) ?? [];
  return meant.slice(0, MOST_SUGGESTIONS).map((path, i) =>
    `${i === 0 ? "Did you mean" : "or"} --set ${path}=${value}?`
  );
}

function isSeveral(value: string): boolean {
  return /^[^,[{"]+(,[^,]+)+$/.test(value);
}
