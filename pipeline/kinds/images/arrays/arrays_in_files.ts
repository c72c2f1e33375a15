import { imageTraits } from "../schema.ts";
import { moduleUrl } from "../../../base/module_url.ts";
import type { PreparationSpec } from "../../preparation.ts";
import type { ArraysSlice } from "./prepare.ts";
import { arrayProblems } from "./problems.ts";
import type { ArrayDataset } from "./schema.ts";

/** Makes examples of arrays in NumPy's formats and in IDX. */
export const arraysInFiles: PreparationSpec<ArrayDataset, ArrayDataset, ArraysSlice> = {
  module: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
  fillDefaults: (dataset) => dataset,
  classes: ({ classes }) => classes,
  // A single channel needs no axis of its own.
  offers: imageTraits,
  exampleShape: ({ shape }) => shape.at(2) === 1 ? shape.slice(0, 2) : shape,
  channels: () => 1,
  partSizes: () => undefined,
  problems: ({ dataset, training }) => arrayProblems(dataset, training),
  prepareSlice({ name, source: _source, about: _about, ...rest }, title, seed) {
    return { dataset: name, title, ...rest, seed };
  },
};
