import { moduleUrl } from "../../../base/module_url.ts";
import type { ArchitectureSpec } from "../architecture.ts";
import { DENSE_LAYOUT } from "../layers.ts";
import { describeLstmLayers, LSTM_LAYOUT } from "./layers.ts";
import { type LstmModel, lstmSchema } from "./schema.ts";

/** LSTMs that read and write an example step by step (Hochreiter and Schmidhuber, 1997). */
export const lstm = {
  schema: lstmSchema,
  module: moduleUrl<typeof import("./model.ts")>(new URL("./model.ts", import.meta.url)),
  describeLayers: describeLstmLayers,
  problems: () => [],
  fillDefaults: (model) => model,
  isAutoregressive: ({ decoder }) => decoder.autoregressive !== undefined,
  weightLayouts: [
    DENSE_LAYOUT,
    LSTM_LAYOUT,
  ],
} satisfies ArchitectureSpec<LstmModel>;
