import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { autoregressionFields, withAutoregression } from "./autoregression.spec.ts";
import type { LikelihoodSpec } from "./likelihood.ts";

const schema = z.strictObject({ family: z.literal("padded-bernoulli"), ...autoregressionFields }).describe(
  "Sequences of different lengths that are filled up with zeros: steps after the last 1 count nothing.",
);

/** Steps of values that are 0 or 1, up to the last step that has a 1. */
export const paddedBernoulli = {
  schema,
  module: moduleUrl<typeof import("./padded_bernoulli.ts")>(
    new URL("./padded_bernoulli.ts", import.meta.url),
  ),
  title: "Bernoulli up to the last step",
  binary: true,
  asks: "padded",
  density: false,
  traits: ({ autoregressive }) => ({
    output: "logits",
    outputsPerValue: 1,
    exponentialFamily: false,
    autoregressive: autoregressive !== undefined,
  }),
  words: (spec) => withAutoregression("Bernoulli, without what fills a sequence up", spec),
} satisfies LikelihoodSpec<z.output<typeof schema>>;
