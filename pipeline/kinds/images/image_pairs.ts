import { moduleUrl } from "../../base/module_url.ts";
import type { PreparationSpec } from "../preparation.ts";
import type { ImagesSlice } from "./prepare.ts";
import { type ImageDataset, type ImageFacts, imageTraits, partSize, type WrittenImages } from "./schema.ts";
import { fillSplit } from "./split_defaults.ts";
import { splitProblems } from "./split_problems.ts";

/**
 * Makes examples of pairs of IDX files, of which all is known before they are read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imagePairs } from "reparam";
 *
 * const bars = imagePairs({
 *   shape: [8, 6],
 *   classes: ["lying", "standing"],
 *   parts: {
 *     train: { images: "train-images", labels: "train-labels", perClass: [400, 400] },
 *     test: { images: "test-images", labels: "test-labels", perClass: [100, 100] },
 *   },
 * });
 * assert.deepEqual(bars.facts.shape, [8, 6]);
 * ```
 */
export function imagePairs(facts: ImageFacts): PreparationSpec & { readonly facts: ImageFacts } {
  const { shape, classes, parts } = facts;
  const preparation: PreparationSpec<WrittenImages, ImageDataset, ImagesSlice> = {
    module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
    fillDefaults: (dataset) => ({ ...dataset, split: fillSplit(dataset.split, parts) }),
    classes: () => classes,
    offers: imageTraits,
    exampleShape: () => shape,
    channels: () => 1,
    partSizes: ({ split }) => ({
      train: partSize(split.train, classes.length),
      validation: partSize(split.validation, classes.length),
      test: partSize(split.test, classes.length),
    }),
    problems: ({ dataset }) => splitProblems(dataset.split, facts),
    prepareSlice({ name, split, binarisation }, title, seed) {
      // Where nothing is drawn, experiments that differ in nothing but the seed share what is prepared.
      const draws = split.order === "shuffled" || binarisation === "static";
      return { dataset: name, title, ...facts, split, binarisation, seed: draws ? seed : 0 };
    },
  };
  return { ...preparation, facts };
}
