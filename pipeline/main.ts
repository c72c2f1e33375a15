import { fetchPackages } from "./commands/line/fetch_packages.ts";

if (import.meta.main) {
  await fetchPackages(new URL("..", import.meta.url));
  // Not seen by Deno before it is imported: whatever imports a package of npm must wait until they are here.
  const commands = new URL("./commands/main.ts", import.meta.url).href;
  const { runAsProgram }: typeof import("./commands/main.ts") = await import(commands);
  await runAsProgram();
}
