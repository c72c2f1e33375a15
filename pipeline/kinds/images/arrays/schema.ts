import { z } from "zod";
import type { DatasetBase } from "../../dataset_base.ts";
import { about, ownParts } from "../own/schema.ts";
import { imageFields } from "../schema.ts";

const side = () => z.int().min(1).max(65_536);

const array = z.string().regex(/^[^#]+(#[^#]+)?$/).describe(
  "A file in the folder: .npy, .npz#array, or IDX; IDX and .npy may be gzipped.",
);

const given = z.strictObject({
  examples: array,
  labels: z.union([
    array,
    z.strictObject({ array, column: z.int().min(0).describe("Which column of [n, columns].") }),
  ]).optional().describe("Whole numbers or text, one for each example. Default: none."),
});

/** The keys of a dataset of the user's arrays beside its name and source. */
export const arrayFields = {
  shape: z.array(side()).min(2).max(3).describe(
    "[height, width] or [height, width, channels] of an example; the file may hold it flat.",
  ),
  layout: z.enum(["channels-last", "channels-first"]).default("channels-last").describe(
    "How the file holds channels: [n, height, width, channels] or [n, channels, height, width].",
  ),
  range: z.tuple([z.number(), z.number()]).optional().describe(
    "The values that stand for 0 and 1. Default: all of uint8 and of uint16; other types have none.",
  ),
  train: given.describe("All examples, or those to train on."),
  validation: given.optional().describe("Default: drawn from the others, as split says."),
  test: given.optional().describe("Default: drawn from the others, as split says."),
  classes: z.array(z.string().min(1).max(100)).min(1).max(256).optional().describe(
    "What the labels stand for, in rising order. Default: the labels themselves.",
  ),
  split: z.strictObject(ownParts).prefault({}),
  binarisation: imageFields.binarisation,
  about,
};

const fields = z.strictObject(arrayFields);

/** A dataset of the user's arrays, as a spec writes it. */
export type ArrayDataset = DatasetBase & z.output<typeof fields>;
/** Examples, and maybe their labels, as a spec names them. */
export type GivenArrays = z.output<typeof given>;

/** The file of a reference, and the array in it where it holds several. */
export function fileOf(reference: string): { readonly file: string; readonly member: string | undefined } {
  const [file, member] = reference.split("#");
  return { file: file!, member };
}

/** The reference to labels, and which column of them. */
export function labelsOf(
  { labels }: GivenArrays,
): { readonly array: string; readonly column?: number } | undefined {
  return typeof labels === "string" ? { array: labels } : labels;
}

/** All files that a spec names, each once. */
export function namedFiles(
  { train, validation, test }: Pick<ArrayDataset, "train" | "validation" | "test">,
): string[] {
  const references = [train, validation, test].flatMap((given) =>
    given ? [given.examples, ...(labelsOf(given) ? [labelsOf(given)!.array] : [])] : []
  );
  return [...new Set(references.map((reference) => fileOf(reference).file))];
}
