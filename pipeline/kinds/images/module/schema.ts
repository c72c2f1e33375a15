import { z } from "zod";
import { moduleFields } from "../../../base/own_module.spec.ts";
import { arrayFields } from "../arrays/schema.ts";
import type { DatasetBase } from "../../dataset_base.ts";

const { shape, classes, split, binarisation, about } = arrayFields;

/** The keys of a dataset that a module of the user's reads, beside its name and source. */
export const ownDatasetFields = {
  ...moduleFields,
  files: z.array(z.string().min(1)).min(1).max(10_000).describe(
    "What the module reads, by their paths below the folder of the source: files that are not listed cannot be read.",
  ),
  shape: shape.describe("[height, width] or [height, width, channels] of an example."),
  classes,
  split,
  binarisation,
  about,
};

const fields = z.strictObject(ownDatasetFields);

/** A dataset that a module of the user's reads, as a spec writes it. */
export type OwnDataset = DatasetBase & z.output<typeof fields>;
