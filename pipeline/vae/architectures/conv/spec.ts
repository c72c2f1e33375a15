import { moduleUrl } from "../../../base/module_url.ts";
import type { ArchitectureSpec } from "../architecture.ts";
import { DENSE_LAYOUT } from "../layers.ts";
import { describeConvLayers } from "./layers.ts";
import { convProblems } from "./problems.ts";
import { type ConvModel, convSchema } from "./schema.ts";

/** Convolutions and dense layers, mirrored in the decoder. */
export const conv = {
  schema: convSchema,
  module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
  describeLayers: describeConvLayers,
  problems: convProblems,
  fillDefaults: (model, channels) =>
    channels === 1 ? model : { ...model, channels: model.channels ?? channels },
  isAutoregressive: () => false,
  weightLayouts: [
    DENSE_LAYOUT,
    "Kernels of convolutions are [height, width, in, out] (PyTorch has kernel.transpose(3, 2, 0, 1)).",
    "Kernels of transposed convolutions are [height, width, out, in] (PyTorch has kernel.transpose(3, 2, 0, 1)).",
  ],
} satisfies ArchitectureSpec<ConvModel>;
