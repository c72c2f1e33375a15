import type { CyclicalKl } from "./cyclical.spec.ts";
import { rampWeight } from "./ramp.ts";

/** A share of a cycle that is no more than rounding: far below what a step is of it. */
const ROUNDING = 1e-9;

/** Several rises, one after the other (Fu et al., 2019). */
export function klWeight(spec: CyclicalKl, step: number, stepsPerEpoch: number): number {
  return rampWeight(spec, step, stepsPerEpoch, (progress) => {
    const cycle = progress * spec.cycles;
    // After the last cycle the weight stays where it rose to (equation 6).
    if (cycle > spec.cycles - ROUNDING) return 1;
    // A cycle begins where it does in whole numbers, though the quotient may fall a little short of it.
    const phase = Math.max(0, cycle - Math.floor(cycle + ROUNDING));
    return Math.min(1, phase / spec.rampFraction);
  });
}
