import { moduleUrl } from "../../base/module_url.ts";
import type { FigureName } from "../../figures/figures.ts";
import type { FigureDefaults, KindSpec } from "../kind.ts";

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
    "traversal",
    "kl-per-dimension",
    "importance-bound",
  ] satisfies readonly FigureName[],
  samples: 64,
  reconstructions: 10,
  interpolationSteps: 9,
};

/** Pictures [examples, height, width] or [examples, height, width, channels]: intensities, or binary. */
export const images = {
  figures,
  generates: false,
  intensities: ({ binarisation = "none" }) => binarisation === "none",
  manifolds: true,
  sounds: false,
  evaluate: moduleUrl<typeof import("./evaluate.ts")>(new URL("./evaluate.ts", import.meta.url)),
  render: moduleUrl<typeof import("./render.ts")>(new URL("./render.ts", import.meta.url)),
  sample: moduleUrl<typeof import("./sample.ts")>(new URL("./sample.ts", import.meta.url)),
  report: moduleUrl<typeof import("./report.ts")>(new URL("./report.ts", import.meta.url)),
} satisfies KindSpec;
