import { imageTraits } from "../schema.ts";
import { moduleUrl } from "../../../base/module_url.ts";
import type { PreparationSpec } from "../../preparation.ts";
import { channelProblems, classNameProblems, placeProblems } from "../arrays/problems.ts";
import { partProblems } from "../own/problems.ts";
import type { OwnDatasetSlice } from "./prepare.ts";
import type { OwnDataset } from "./schema.ts";

/** Takes the examples that a module of the user's makes of files. */
export const examplesByModule: PreparationSpec<OwnDataset, OwnDataset, OwnDatasetSlice> = {
  module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
  fillDefaults: (dataset) => dataset,
  classes: ({ classes }) => classes,
  // A single channel needs no axis of its own.
  offers: imageTraits,
  exampleShape: ({ shape }) => shape.at(2) === 1 ? shape.slice(0, 2) : shape,
  channels: () => 1,
  partSizes: () => undefined,
  problems({ dataset: { shape, classes, files, split }, training }) {
    const problems = [
      ...channelProblems(shape),
      ...classNameProblems(classes),
      ...files.flatMap((file, i) => placeProblems(["dataset", "files", i], file)),
    ];
    return problems.length > 0 ? problems : partProblems(split, training, false);
  },
  prepareSlice({ name, source: _source, about: _about, ...rest }, title, seed) {
    return { dataset: name, title, ...rest, seed };
  },
};
