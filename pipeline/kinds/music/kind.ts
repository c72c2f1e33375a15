import { moduleUrl } from "../../base/module_url.ts";
import type { FigureName } from "../../figures/figures.ts";
import type { FigureDefaults, KindSpec } from "../kind.ts";
import { columnsOf } from "../../formats/piano_roll.ts";
import type { MusicSlice } from "./prepare.ts";
import { musicProblems } from "./problems.ts";
import type { MusicDataset, MusicFacts, WrittenMusic } from "./schema.ts";

const figures: FigureDefaults = {
  show: [
    "reconstructions",
    "prior-samples",
    "class-samples",
    "interpolation",
    "music-statistics",
    "architecture",
    "learning-curves",
    "latent-scatter",
    "posterior-evolution",
    "kl-per-dimension",
    "importance-bound",
  ] satisfies readonly FigureName[],
  samples: 6,
  reconstructions: 3,
  interpolationSteps: 5,
};

/** Windows of piano rolls: bytes [examples, steps, columns], 0 or 1. */
export const music = {
  figures,
  generates: true,
  sounds: true,
  prepare: moduleUrl<typeof import("./prepare.ts")>(new URL("./prepare.ts", import.meta.url)),
  evaluate: moduleUrl<typeof import("./evaluate.ts")>(new URL("./evaluate.ts", import.meta.url)),
  render: moduleUrl<typeof import("./render.ts")>(new URL("./render.ts", import.meta.url)),
  sample: moduleUrl<typeof import("./sample.ts")>(new URL("./sample.ts", import.meta.url)),
  report: moduleUrl<typeof import("./report.ts")>(new URL("./report.ts", import.meta.url)),
  fillDefaults(dataset) {
    const { length, hop, perPiece, transpositions } = dataset.windows;
    // A spec that gives both is refused by `musicProblems`.
    const plan = perPiece !== undefined && hop === undefined
      ? { length, perPiece }
      : { length, hop: hop ?? dataset.representation.stepsPerQuarter };
    return { ...dataset, windows: { ...plan, transpositions } };
  },
  exampleShape: ({ windows, representation }) => [windows.length, columnsOf(representation)],
  // Play and articulate cells.
  channels: ({ representation }) => representation.articulation ? 2 : 1,
  // How many windows music is cut into is not known before its files are read.
  partSizes: () => undefined,
  problems: (spec, _, isWritten) => musicProblems(spec, isWritten),
  prepareSlice: ({ name, representation, windows, split, brokenFiles }, _, title, seed) => ({
    dataset: name,
    title,
    representation,
    windows,
    split,
    brokenFiles,
    seed,
  }),
} satisfies KindSpec<WrittenMusic, MusicDataset, MusicFacts, MusicSlice>;
