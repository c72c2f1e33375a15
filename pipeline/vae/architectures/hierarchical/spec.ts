import { moduleUrl } from "../../../base/module_url.ts";
import type { ArchitectureSpec } from "../architecture.ts";
import { DENSE_LAYOUT } from "../layers.ts";
import { LSTM_LAYOUT } from "../lstm/layers.ts";
import { describeHierarchicalLayers } from "./layers.ts";
import { type HierarchicalModel, hierarchicalSchema } from "./schema.ts";

/** LSTMs of two levels: one writes what a segment is to be, one writes its steps (Roberts et al., 2018). */
export const hierarchical = {
  schema: hierarchicalSchema,
  module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
  describeLayers: describeHierarchicalLayers,
  problems: ({ segment }, [steps]) =>
    steps! % segment === 0 ? [] : [{
      path: ["model", "segment"],
      message: `The ${steps} steps of an example cannot be divided into segments of ${segment}`,
      notes: [`Allowed: a number that divides ${steps}, or other windows of the data.`],
    }],
  fillDefaults: (model) => model,
  isAutoregressive: () => true,
  weightLayouts: [DENSE_LAYOUT, LSTM_LAYOUT],
} satisfies ArchitectureSpec<HierarchicalModel>;
