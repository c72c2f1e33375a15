import type { Contents } from "../artifacts/source_json.ts";
import { datasetOf } from "./datasets.ts";
import type { DatasetBase } from "../kinds/dataset_base.ts";
import type { FileHasher } from "./sources/source.ts";

/** Contents by dataset, for each who gives digests. */
const READ = new WeakMap<FileHasher, Map<string, Promise<Contents>>>();

/**
 * What a dataset holds, read once for all who ask with the same `digests`: whatever happens to a user's folder, the
 * check before a run, its plan and all cells of its sweep speak of the same files.
 *
 * @throws {UserError} where the user's own files cannot be read
 */
export function contentsOf(
  dataset: DatasetBase,
  digests: FileHasher,
): Promise<Contents> {
  const read = READ.get(digests) ?? new Map<string, Promise<Contents>>();
  READ.set(digests, read);
  const id = JSON.stringify(dataset);
  let contents = read.get(id);
  if (!contents) {
    contents = (async () => await datasetOf(dataset).contents(dataset, digests))();
    read.set(id, contents);
  }
  return contents;
}
