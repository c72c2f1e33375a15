import { constant } from "./constant.spec.ts";
import { cosine } from "./cosine.spec.ts";
import type { LearningRateBase, LearningRateSpec } from "./learning_rate.ts";
import { piecewise } from "./piecewise.spec.ts";

/** The schedules that a spec can name as `training.learningRate.schedule`. */
export const LEARNING_RATES = {
  constant,
  piecewise,
  cosine,
} satisfies Record<string, LearningRateSpec>;

/** The variant that a spec names. */
export function learningRateOf({ schedule }: LearningRateBase): LearningRateSpec {
  const byName: Readonly<Record<string, LearningRateSpec>> = LEARNING_RATES;
  return byName[schedule]!;
}
