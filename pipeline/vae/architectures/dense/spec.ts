import { moduleUrl } from "../../../base/module_url.ts";
import type { ArchitectureSpec } from "../architecture.ts";
import { DENSE_LAYOUT } from "../layers.ts";
import { describeDenseLayers } from "./layers.ts";
import { type DenseModel, denseSchema } from "./schema.ts";

/** A multi-layer perceptron on each side (Kingma and Welling, 2014, appendix C). */
export const dense = {
  schema: denseSchema,
  module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
  describeLayers: describeDenseLayers,
  problems: () => [],
  fillDefaults: (model) => model,
  isAutoregressive: () => false,
  weightLayouts: [DENSE_LAYOUT],
} satisfies ArchitectureSpec<DenseModel>;
