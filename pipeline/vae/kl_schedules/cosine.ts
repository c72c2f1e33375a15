import { rampWeight } from "./ramp.ts";
import type { Ramp } from "./ramp.spec.ts";

/** Half a cosine, level at both ends. */
export function klWeight(ramp: Ramp, step: number, stepsPerEpoch: number): number {
  return rampWeight(ramp, step, stepsPerEpoch, (progress) => (1 - Math.cos(Math.PI * progress)) / 2);
}
