import { rampWeight } from "./ramp.ts";
import type { Ramp } from "./ramp.spec.ts";

/** A straight line. */
export function klWeight(ramp: Ramp, step: number, stepsPerEpoch: number): number {
  return rampWeight(ramp, step, stepsPerEpoch, (progress) => progress);
}
