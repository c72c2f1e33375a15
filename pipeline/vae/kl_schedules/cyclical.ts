import type { CyclicalKl } from "./cyclical.spec.ts";
import { rampWeight } from "./ramp.ts";

/** Several rises, one after the other (Fu et al., 2019). */
export function klWeight(spec: CyclicalKl, step: number, stepsPerEpoch: number): number {
  return rampWeight(spec, step, stepsPerEpoch, (progress) => {
    // After the last cycle the weight stays where it rose to (equation 6).
    if (progress === 1) return 1;
    const phase = (progress * spec.cycles) % 1;
    return Math.min(1, phase / spec.rampFraction);
  });
}
