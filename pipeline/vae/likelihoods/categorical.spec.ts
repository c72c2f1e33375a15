import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { autoregressionFields, withAutoregression } from "./autoregression.spec.ts";
import type { LikelihoodSpec } from "./likelihood.ts";

const schema = z.strictObject({ family: z.literal("categorical"), ...autoregressionFields }).describe(
  "One of several symbols, by a softmax over the last axis of an example: what a voice sings at a step.",
);

/** Values that are 1 for one symbol of the last axis and 0 for the others. */
export const categorical = {
  schema,
  module: moduleUrl<typeof import("./categorical.ts")>(new URL("./categorical.ts", import.meta.url)),
  title: "Categorical",
  binary: false,
  asks: "one-hot",
  density: false,
  // The values of one symbol depend on each other: none has a p(x|z) of its own.
  traits: ({ autoregressive }) => ({
    output: "logits",
    outputsPerValue: 1,
    exponentialFamily: false,
    autoregressive: autoregressive !== undefined,
  }),
  words: (spec) => withAutoregression("categorical", spec),
} satisfies LikelihoodSpec<z.output<typeof schema>>;
