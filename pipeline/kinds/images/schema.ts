import { z } from "zod";
import type { Shape } from "../../base/shape.ts";
import type { ExampleTrait } from "../../vae/likelihoods/likelihood.ts";
import type { DatasetBase } from "../dataset_base.ts";

const splitPart = z.union([
  z.strictObject({
    count: z.int().min(0).describe("How many examples."),
    offset: z.int().min(0).optional().describe(
      "Where to start in the file (after shuffling, if order is shuffled).",
    ),
  }),
  z.strictObject({
    perClass: z.int().min(0).describe("How many examples of each class."),
    offset: z.int().min(0).optional().describe("How many examples of each class to pass over first."),
  }),
]);

const split = z.strictObject({
  train: splitPart.optional().describe(
    "Taken from the training file. Default: everything before the validation part.",
  ),
  validation: splitPart.optional().describe(
    "Taken from the training file, right after the training part where no offset is given. Default: none.",
  ),
  test: splitPart.optional().describe("Taken from the test file. Default: all of it."),
  order: z.enum(["file", "shuffled"]).default("file").describe("File order, or shuffled by the seed first."),
});

const binarisation = z.enum(["none", "threshold", "static", "dynamic"]);

/**
 * The keys of a dataset of images beside its name and source.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { imageFields } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("bars"), ...imageFields });
 * assert.equal(schema.parse({ name: "bars" }).binarisation, "none");
 * ```
 */
export const imageFields = {
  split: split.prefault({}),
  binarisation: binarisation.default("none").describe(
    "none: intensities in [0, 1]. threshold: 1 above one half. static: sampled once. dynamic: sampled anew each time.",
  ),
};

/** What examples of images are, for likelihoods that ask. */
export function imageTraits({ binarisation }: { readonly binarisation: Binarisation }): ExampleTrait[] {
  return binarisation === "none" ? ["levels"] : [];
}

/** A part of a split, as a spec writes it. */
export type WrittenPart = z.output<typeof splitPart>;
/** A split, as a spec writes it. */
export type WrittenSplit = z.output<typeof split>;
/** How intensities become 0 and 1, if they do. */
export type Binarisation = z.output<typeof binarisation>;

/** A part of a file with its offset settled; both numbers count examples of each class where `perClass` is given. */
export type SplitPart =
  | { readonly count: number; readonly offset: number }
  | { readonly perClass: number; readonly offset: number };

/** Which examples are in which part. */
export interface Split {
  readonly train: SplitPart;
  readonly validation: SplitPart;
  readonly test: SplitPart;
  readonly order: "file" | "shuffled";
}

/** A set of images, as a spec writes it. */
export interface WrittenImages extends DatasetBase {
  readonly split: WrittenSplit;
  readonly binarisation: Binarisation;
}

/** A set of images in a spec, with every default filled in. */
export interface ImageDataset extends DatasetBase {
  readonly split: Split;
  readonly binarisation: Binarisation;
}

/** What is known of a set of images before it is downloaded; specs are checked against it. */
export interface ImageFacts {
  /** One example's: [height, width]. */
  readonly shape: Shape;
  /** What each label stands for, by label. */
  readonly classes: readonly string[];
  /** Validation examples are taken from the training pair. */
  readonly parts: { readonly train: ImagePair; readonly test: ImagePair };
}

/** A pair of files in IDX format. */
export interface ImagePair {
  /** The name of the file of images, uint8 [examples, height, width]. */
  readonly images: string;
  /** The name of the file of their labels, uint8 [examples]. */
  readonly labels: string;
  /** Examples of each class, by label. */
  readonly perClass: readonly number[];
}

/** The number of examples in a pair of files. */
export function examplesIn({ perClass }: ImagePair): number {
  return perClass.reduce((sum, count) => sum + count, 0);
}

/** The number of examples in a part. @param classes how many there are */
export function partSize(part: SplitPart, classes: number): number {
  return "count" in part ? part.count : part.perClass * classes;
}
