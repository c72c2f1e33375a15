import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LikelihoodSpec } from "./likelihood.ts";

const schema = z.strictObject({ family: z.literal("bernoulli") });

/** Values that are 0 or 1, or probabilities of that. */
export const bernoulli = {
  schema,
  module: moduleUrl<typeof import("./bernoulli.ts")>(new URL("./bernoulli.ts", import.meta.url)),
  title: "Bernoulli",
  binary: true,
  density: false,
  traits: () => ({ output: "logits", outputsPerValue: 1, exponentialFamily: true }),
  words: () => "Bernoulli",
} satisfies LikelihoodSpec<z.output<typeof schema>>;
