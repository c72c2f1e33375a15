import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LikelihoodSpec } from "./likelihood.ts";

const schema = z.strictObject({ family: z.literal("continuous-bernoulli") }).describe(
  "A density over [0, 1] with the Bernoulli's logits (Loaiza-Ganem and Cunningham, 2019).",
);

/** Values between 0 and 1 that are no probabilities: a Bernoulli with the normaliser that it lacks for them. */
export const continuousBernoulli = {
  schema,
  module: moduleUrl<typeof import("./continuous_bernoulli.ts")>(
    new URL("./continuous_bernoulli.ts", import.meta.url),
  ),
  title: "Continuous Bernoulli",
  binary: false,
  density: true,
  traits: () => ({ output: "logits", outputsPerValue: 1, exponentialFamily: false }),
  words: () => "continuous Bernoulli",
} satisfies LikelihoodSpec<z.output<typeof schema>>;
