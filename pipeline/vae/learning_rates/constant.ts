import type { LearningRateBase } from "./learning_rate.ts";

export function learningRate({ rate }: LearningRateBase): number {
  return rate;
}
