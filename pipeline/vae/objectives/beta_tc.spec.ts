import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { smallestBatch } from "./comparing.spec.ts";
import type { ObjectiveSpec } from "./objective.ts";

const schema = z.strictObject({
  name: z.literal("beta-tc"),
  beta: z.number().min(0).default(6).describe("Weight of the total correlation; 1 is the ELBO."),
  estimator: z.enum(["weighted", "stratified"]).default("weighted").describe(
    "How q(z) is estimated from a batch: minibatch-weighted or minibatch-stratified sampling.",
  ),
}).describe("The ELBO with a weight on the dependence between dimensions of z (Chen et al., 2018).");

/** A beta-TC-VAE, as a spec says it. */
export type BetaTcSpec = z.output<typeof schema>;

/** The ELBO with a weight on the total correlation of the codes. */
export const betaTc = {
  schema,
  module: moduleUrl<typeof import("./beta_tc.ts")>(new URL("./beta_tc.ts", import.meta.url)),
  words: ({ beta, estimator }) => `beta-TC, β ${beta}, minibatch-${estimator}`,
  problems: (_, conditions) => smallestBatch("The total correlation", conditions),
} satisfies ObjectiveSpec<BetaTcSpec>;
