import type { LearningRateBase } from "./learning_rate.ts";

/** The one rate. */
export function learningRate({ rate }: LearningRateBase): number {
  return rate;
}
