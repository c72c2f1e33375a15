import { moduleUrl } from "../../base/module_url.ts";
import type { FigureName } from "../../figures/figures.ts";
import type { FigureDefaults, KindSpec } from "../kind.ts";
import type { ImagesSlice } from "./prepare.ts";
import { type ImageDataset, type ImageFacts, partSize, type WrittenImages } from "./schema.ts";
import { fillSplit } from "./split_defaults.ts";
import { splitProblems } from "./split_problems.ts";

const figures: FigureDefaults = {
  show: [
    "architecture",
    "learning-curves",
    "prior-samples",
    "manifold",
    "latent-scatter",
    "posterior-evolution",
    "reconstructions",
    "interpolation",
    "kl-per-dimension",
    "importance-bound",
  ] satisfies readonly FigureName[],
  samples: 64,
  reconstructions: 10,
  interpolationSteps: 9,
};

/** Pictures: bytes [examples, height, width], intensities or binary. */
export const images = {
  figures,
  generates: false,
  sounds: false,
  prepare: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
  evaluate: moduleUrl<typeof import("./evaluate.ts")>(new URL("./evaluate.ts", import.meta.url)),
  render: moduleUrl<typeof import("./render.ts")>(new URL("./render.ts", import.meta.url)),
  sample: moduleUrl<typeof import("./sample.ts")>(new URL("./sample.ts", import.meta.url)),
  report: moduleUrl<typeof import("./report.ts")>(new URL("./report.ts", import.meta.url)),
  fillDefaults: (dataset, { parts }) => ({ ...dataset, split: fillSplit(dataset.split, parts) }),
  exampleShape: (_, { shape }) => shape,
  channels: () => 1,
  partSizes({ split }, { classes }) {
    return {
      train: partSize(split.train, classes.length),
      validation: partSize(split.validation, classes.length),
      test: partSize(split.test, classes.length),
    };
  },
  problems: ({ dataset }, facts) => splitProblems(dataset.split, facts),
  prepareSlice({ name, split, binarisation }, facts, title, seed) {
    // Where nothing is drawn, experiments that differ in nothing but the seed share what is prepared.
    const draws = split.order === "shuffled" || binarisation === "static";
    return { dataset: name, title, ...facts, split, binarisation, seed: draws ? seed : 0 };
  },
} satisfies KindSpec<WrittenImages, ImageDataset, ImageFacts, ImagesSlice>;
