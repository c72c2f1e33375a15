import { bernoulli } from "./bernoulli.spec.ts";
import { continuousBernoulli } from "./continuous_bernoulli.spec.ts";
import { discretisedLogistic } from "./discretised_logistic.spec.ts";
import { gaussian } from "./gaussian.spec.ts";
import type { LikelihoodBase, LikelihoodSpec } from "./likelihood.ts";

/** The likelihoods that a spec can name as `model.likelihood.family`. */
export const LIKELIHOODS = {
  bernoulli,
  "continuous-bernoulli": continuousBernoulli,
  gaussian,
  "discretised-logistic": discretisedLogistic,
} satisfies Record<string, LikelihoodSpec>;

/** The variant that a spec names. */
export function likelihoodOf({ family }: LikelihoodBase): LikelihoodSpec {
  const byName: Readonly<Record<string, LikelihoodSpec>> = LIKELIHOODS;
  return byName[family]!;
}
