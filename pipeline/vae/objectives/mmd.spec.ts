import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { smallestBatch } from "./comparing.spec.ts";
import type { ObjectiveSpec } from "./objective.ts";

const schema = z.strictObject({
  name: z.literal("mmd"),
  alpha: z.number().max(1).default(1).describe(
    "What is taken off the weight of each example's KL, and so of the mutual information: 1 leaves none of it.",
  ),
  lambda: z.number().min(0).default(1000).describe(
    "The distance of the codes to the prior counts alpha + lambda - 1 times.",
  ),
}).describe("An InfoVAE by maximum mean discrepancy (Zhao et al., 2019); alpha 0 and lambda 1 are the ELBO.");

/** An InfoVAE, as a spec says it. */
export type MmdSpec = z.output<typeof schema>;

/** Reconstruction, and the distance of all codes together to the prior. */
export const mmd = {
  schema,
  module: moduleUrl<typeof import("./mmd.ts")>(new URL("./mmd.ts", import.meta.url)),
  words: ({ alpha, lambda }) => `InfoVAE by MMD, α ${alpha}, λ ${lambda}`,
  problems: ({ alpha, lambda }, conditions) => [
    ...smallestBatch("The discrepancy", conditions),
    ...(alpha + lambda >= 1 ? [] : [{
      path: ["objective", "lambda"],
      message: `The distance to the prior would be rewarded: alpha + lambda - 1 is ${alpha + lambda - 1}`,
      notes: [`Allowed: a lambda of at least ${1 - alpha}.`],
    }]),
  ],
} satisfies ObjectiveSpec<MmdSpec>;
