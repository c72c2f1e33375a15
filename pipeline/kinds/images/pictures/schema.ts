import { z } from "zod";
import type { DatasetBase } from "../../dataset_base.ts";
import { about, ownParts } from "../own/schema.ts";
import { imageFields } from "../schema.ts";

const side = () => z.int().min(1).max(1024);
const level = () => z.int().min(0).max(255);

const split = z.strictObject({
  method: z.enum(["chance", "folders", "file"]).default("chance").describe(
    "chance: the parts are drawn by the seed. folders: the folder has the sub-folders train and test, and maybe " +
      "validation, with the classes in them. file: a table says which picture is in which part.",
  ),
  ...ownParts,
  file: z.string().min(1).optional().describe(
    'A CSV file in the folder with the columns "file" (a path in the folder) and "part" (train, validation or test).',
  ),
});

/** The keys of a dataset of the user's pictures beside its name and source. */
export const pictureFields = {
  size: z.tuple([side(), side()]).describe("Height and width of an example, in pixels."),
  colour: z.enum(["rgb", "grey"]).default("rgb").describe("grey: the luminance."),
  fit: z.enum(["crop", "pad", "stretch"]).default("crop").describe(
    "crop: the middle of a picture, in the aspect of size. pad: all of it, with background beside it. stretch: all " +
      "of it, distorted.",
  ),
  background: z.tuple([level(), level(), level()]).default([255, 255, 255]).describe(
    "Red, green and blue behind what is transparent and beside what is padded.",
  ),
  brokenFiles: z.enum(["refuse", "skip"]).default("refuse").describe(
    "What to do with files that are no pictures, or damaged: refuse them all by name, or skip them and say so.",
  ),
  split: split.prefault({}),
  binarisation: imageFields.binarisation,
  about,
};

const fields = z.strictObject(pictureFields);

/** A dataset of the user's pictures, as a spec writes it. */
export type PictureDataset = DatasetBase & z.output<typeof fields>;
