import { rampWeight } from "./ramp.ts";
import type { Ramp } from "./ramp.spec.ts";

/** A logistic curve. */
export function klWeight(ramp: Ramp, step: number, stepsPerEpoch: number): number {
  return rampWeight(ramp, step, stepsPerEpoch, logisticRamp);
}

/** The logistic curve over [-6, 6] (as in Bowman et al., 2016), stretched to go exactly from 0 to 1. */
function logisticRamp(progress: number): number {
  const logistic = (t: number) => 1 / (1 + Math.exp(-t));
  const low = logistic(-6);
  return (logistic(12 * progress - 6) - low) / (1 - 2 * low);
}
