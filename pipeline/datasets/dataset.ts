import type { z } from "zod";
import type { KindName } from "../kinds/kinds.ts";
import type { PreparationSpec } from "../kinds/preparation.ts";
import type { Places } from "./origin.ts";
import type { Contents, Credits } from "../artifacts/source_json.ts";
import type { Nouns } from "../base/words.ts";
import type { DatasetBase } from "../kinds/dataset_base.ts";
import type { FileHasher } from "./sources/source.ts";

/**
 * A dataset that a spec can name, as far as it is known before its files are read.
 *
 * @example
 * ```ts
 * import { type DatasetDefinition, imageFields, imagePairs, ownSource } from "reparam";
 * import { z } from "zod";
 *
 * export const bars = {
 *   schema: z.strictObject({
 *     name: z.literal("bars"),
 *     source: ownSource("The folder with the two files of images and the two of labels."),
 *     ...imageFields,
 *   }),
 *   title: "Bars",
 *   nouns: { one: "bar", many: "bars" },
 *   kind: "images",
 *   preparation: imagePairs({
 *     shape: [8, 6],
 *     classes: ["lying", "standing"],
 *     parts: {
 *       train: { images: "train-images", labels: "train-labels", perClass: [400, 400] },
 *       test: { images: "test-images", labels: "test-labels", perClass: [100, 100] },
 *     },
 *   }),
 *   credits: { authors: ["me"], licence: { name: "CC0", url: "" }, url: "" },
 *   places: { mirrors: [] },
 *   contents: () => ({ files: [{ name: "train-images", bytes: 38_416, sha256: "..." }] }),
 * } satisfies DatasetDefinition;
 * ```
 */
export interface DatasetDefinition {
  /** Has `name` as a literal, and the keys of its kind. */
  readonly schema: z.ZodObject;
  /** What it is called in reports: "MNIST". */
  readonly title: string;
  /** What one example and several are called. */
  readonly nouns: Nouns;
  /** How its examples are judged and shown. */
  readonly kind: KindName;
  /** How its files become examples. */
  readonly preparation: PreparationSpec;
  /** Who made it, and on what terms; every report repeats it. */
  readonly credits: Credits;
  /** Where its files may be taken from; a folder of the user's is always one. */
  readonly places: Places;
  /** Labels that the figure of an interpolation goes between. Default: the first and the last. */
  readonly interpolation?: { readonly from: number; readonly to: number };
  /**
   * What every source is held to.
   *
   * @param dataset as the spec has it
   * @param digests of the user's own files
   * @throws {UserError} where these cannot be read
   */
  contents(dataset: DatasetBase, digests: FileHasher): Contents | Promise<Contents>;
}
