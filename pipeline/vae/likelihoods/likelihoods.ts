import { bernoulli } from "./bernoulli.spec.ts";
import { gaussian } from "./gaussian.spec.ts";
import type { LikelihoodBase, LikelihoodSpec } from "./likelihood.ts";

/** The likelihoods that a spec can name as `model.likelihood.family`. */
export const LIKELIHOODS = { bernoulli, gaussian } satisfies Record<string, unknown>;

/** The variant that a spec names. */
export function likelihoodOf<Spec extends LikelihoodBase>(spec: Spec): LikelihoodSpec<Spec> {
  return LIKELIHOODS[spec.family as keyof typeof LIKELIHOODS] as unknown as LikelihoodSpec<Spec>;
}
