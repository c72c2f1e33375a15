import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Prints what the key of each stage of a spec holds beside its inputs, the slice and the digest of the code, as a
 * project has them: JSON, by the stage's name.
 *
 *     deno run -A print_keys.ts PROJECT SPEC
 */
const [project, spec] = Deno.args as [string, string];
const url = (path: string) => pathToFileURL(join(project, "pipeline", path)).href;
const { loadExperiment }: typeof import("../../pipeline/spec/load.ts") = await import(url("spec/load.ts"));
const { DECLARATIONS }: typeof import("../../pipeline/stages/declarations.ts") = await import(
  url("stages/declarations.ts")
);
const { CodeHasher }: typeof import("../../pipeline/graph/code.ts") = await import(url("graph/code.ts"));
const { Store }: typeof import("../../pipeline/store/store.ts") = await import(url("store/store.ts"));

const { spec: experiment } = await loadExperiment(spec, []);
const settings = { engine: "native", reportFolder: join(project, "reports") };
const folder = await Deno.makeTempDir();
const store = await Store.open(folder);
const hasher = new CodeHasher(project, store);
const keys = await Promise.all(DECLARATIONS.map(async ({ name, module, slice, modules }) => {
  const { digest } = await hasher.code(module, modules?.(experiment, settings));
  return [name, { slice: await slice(experiment, settings, store.digests), code: digest }];
}));
store[Symbol.dispose]();
await Deno.remove(folder, { recursive: true });
console.log(JSON.stringify(Object.fromEntries(keys)));
