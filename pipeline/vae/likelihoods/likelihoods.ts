import { bernoulli } from "./bernoulli.spec.ts";
import { categorical } from "./categorical.spec.ts";
import { continuousBernoulli } from "./continuous_bernoulli.spec.ts";
import { discretisedLogistic } from "./discretised_logistic.spec.ts";
import { gaussian } from "./gaussian.spec.ts";
import { isOwn } from "../../base/own_module.ts";
import { ownFamily, ownLikelihood, type OwnLikelihoodSpec } from "./own.ts";
import { paddedBernoulli } from "./padded_bernoulli.spec.ts";
import type { LikelihoodBase, LikelihoodSpec } from "./likelihood.ts";

/** The likelihoods that a spec can name as `model.likelihood.family`. */
export const LIKELIHOODS = {
  bernoulli,
  "continuous-bernoulli": continuousBernoulli,
  gaussian,
  "discretised-logistic": discretisedLogistic,
  categorical,
  "padded-bernoulli": paddedBernoulli,
} satisfies Record<string, LikelihoodSpec>;

/** The schemas of all of them, and of a module of the user's. */
export const FAMILIES = { ...LIKELIHOODS, module: ownFamily };

/** The variant that a spec names. */
export function likelihoodOf(likelihood: LikelihoodBase & Partial<OwnLikelihoodSpec>): LikelihoodSpec {
  const byName: Readonly<Record<string, LikelihoodSpec>> = LIKELIHOODS;
  return isOwn(likelihood) ? ownLikelihood(likelihood) : byName[likelihood.family]!;
}
