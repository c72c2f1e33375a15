import type { Ramp } from "./ramp.spec.ts";

/**
 * The weight of a schedule that goes from one weight to another between two moments, and keeps them before and after.
 *
 * @param step steps done so far, from 0
 * @param curve the share of the way that is done, in [0, 1], at a progress in [0, 1]
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Ramp, rampWeight } from "reparam";
 *
 * const ramp: Ramp = {
 *   schedule: "square",
 *   startWeight: 0,
 *   endWeight: 1,
 *   start: 0,
 *   end: 10,
 *   unit: "epoch",
 *   freeBits: 0,
 * };
 * assert.equal(rampWeight(ramp, 500, 100, (progress) => progress ** 2), 0.25);
 * ```
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
