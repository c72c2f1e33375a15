import type { Ramp } from "./ramp.spec.ts";

/**
 * The weight of a schedule that goes from one weight to another between two moments, and keeps them before and after.
 *
 * @param step steps done so far, from 0
 * @param curve the share of the way that is done, in [0, 1], at a progress in [0, 1]
 */
export function rampWeight(
  { unit, start, end, startWeight, endWeight }: Ramp,
  step: number,
  stepsPerEpoch: number,
  curve: (progress: number) => number,
): number {
  const time = unit === "step" ? step : step / stepsPerEpoch;
  const progress = end > start
    ? Math.min(1, Math.max(0, (time - start) / (end - start)))
    : Number(time >= start);
  return startWeight + (endWeight - startWeight) * curve(progress);
}
