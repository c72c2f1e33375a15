import { UserError } from "../base/errors.ts";
import { contentsOf } from "../datasets/contents.ts";
import { aboutOf, datasetOf } from "../datasets/datasets.ts";
import type { FileHasher } from "../datasets/sources/source.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { SpecSource } from "../spec/messages/source.ts";

/** A spec, and where its values were written. */
export interface WrittenSpec {
  readonly spec: Experiment;
  readonly source: SpecSource;
}

/**
 * Makes sure that what specs take their data from is there and holds the data, each once: a stage that is cached
 * does not look.
 *
 * @throws {UserError} with exit status 2 and the place of the source
 */
export async function checkSources(specs: readonly WrittenSpec[], digests: FileHasher): Promise<void> {
  const checked = new Set<string>();
  for (const { spec: { dataset }, source } of specs) {
    const id = JSON.stringify([dataset.name, dataset.source]);
    if (checked.has(id)) continue;
    checked.add(id);
    const problem = await problemOf(dataset, digests);
    if (!problem) continue;
    const { message, notes } = problem;
    throw source.error({ path: ["dataset", "source", "path"], message, notes });
  }
}

async function problemOf(
  dataset: Experiment["dataset"],
  digests: FileHasher,
): Promise<UserError | undefined> {
  const { title, credits } = aboutOf(dataset);
  try {
    const { files, pack } = await contentsOf(dataset, digests);
    const origin = { ...credits, ...datasetOf(dataset).places, files, pack };
    return await sourceOf(dataset.source).problem?.(dataset.source, { title, origin }, digests);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
