import { imageTraits } from "../schema.ts";
import { moduleUrl } from "../../../base/module_url.ts";
import type { PreparationSpec } from "../../preparation.ts";
import type { PicturesSlice } from "./prepare.ts";
import { pictureProblems } from "./problems.ts";
import type { PictureDataset } from "./schema.ts";

/** Makes examples of the pictures in a folder, or in the folders of their classes. */
export const picturesInFolders: PreparationSpec<PictureDataset, PictureDataset, PicturesSlice> = {
  module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
  fillDefaults: (dataset) => dataset,
  classes: () => undefined,
  offers: imageTraits,
  exampleShape: ({ size: [height, width], colour }) =>
    colour === "grey" ? [height, width] : [height, width, 3],
  channels: () => 1,
  partSizes: () => undefined,
  problems: ({ dataset, training }, isWritten) => pictureProblems(dataset, training, isWritten),
  prepareSlice: ({ name, size, colour, fit, background, brokenFiles, split, binarisation }, title, seed) => ({
    dataset: name,
    title,
    size,
    colour,
    fit,
    background,
    brokenFiles,
    split,
    binarisation,
    seed,
  }),
};
