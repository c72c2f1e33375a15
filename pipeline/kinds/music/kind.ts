import { moduleUrl } from "../../base/module_url.ts";
import type { FigureName } from "../../figures/figures.ts";
import type { FigureDefaults, KindSpec } from "../kind.ts";

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
  intensities: () => false,
  manifolds: false,
  sounds: true,
  evaluate: moduleUrl<typeof import("./evaluate.ts")>(new URL("./evaluate.ts", import.meta.url)),
  render: moduleUrl<typeof import("./render.ts")>(new URL("./render.ts", import.meta.url)),
  sample: moduleUrl<typeof import("./sample.ts")>(new URL("./sample.ts", import.meta.url)),
  report: moduleUrl<typeof import("./report.ts")>(new URL("./report.ts", import.meta.url)),
} satisfies KindSpec;
