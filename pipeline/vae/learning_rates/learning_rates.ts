import { constant } from "./constant.spec.ts";
import { cosine } from "./cosine.spec.ts";
import type { LearningRateBase, LearningRateSpec } from "./learning_rate.ts";
import { piecewise } from "./piecewise.spec.ts";

/** The schedules that a spec can name as `training.learningRate.schedule`. */
export const LEARNING_RATES = { constant, piecewise, cosine } satisfies Record<string, unknown>;

/** The variant that a spec names. */
export function learningRateOf<Spec extends LearningRateBase>(spec: Spec): LearningRateSpec<Spec> {
  return LEARNING_RATES[spec.schedule as keyof typeof LEARNING_RATES] as unknown as LearningRateSpec<Spec>;
}
