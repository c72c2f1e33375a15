import type { ExperimentOptions, LoadedSpec } from "./contract.ts";

/**
 * An experiment for programs: notebooks, analyses, tests. It does what `deno task run` does, over the same store.
 *
 * @param spec the file of a spec, or a spec as it would stand in one; its paths are seen from the file, or from the root
 * @throws {UserError} with every mistake in the spec, each with its place
 *
 * @example
 * ```ts ignore
 * import { experiment } from "reparam";
 *
 * const vae = await experiment("specs/highway.json", { root: "." });
 * const results = await vae.run({ onEvent: ({ stage, type }) => console.log(stage, type) });
 * console.log(results.metrics.test.loss, results.report);
 * using model = await results.open();
 * const digits = model.sample(16); // float32 [16, 784], E[x|z]
 * ```
 */
export async function experiment(
  spec: string | URL | object,
  options: ExperimentOptions = {},
): Promise<LoadedSpec> {
  // The library's types are read by every module of a user's; its code only by whoever runs something.
  const { loadForProgram } = await import("./load.ts");
  return await loadForProgram(spec, options);
}
