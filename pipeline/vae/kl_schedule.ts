import type { KlSpec } from "../spec/schema.ts";

/**
 * The weight of the KL term at a training step.
 *
 * @param step steps done so far, from 0
 * @param stepsPerEpoch steps in an epoch; step / stepsPerEpoch is the time in epochs
 */
export function klWeight(schedule: KlSpec, step: number, stepsPerEpoch: number): number {
  if (schedule.schedule === "constant") return schedule.weight;
  const time = schedule.unit === "step" ? step : step / stepsPerEpoch;
  const { start, end, startWeight, endWeight } = schedule;
  const progress = end > start
    ? Math.min(1, Math.max(0, (time - start) / (end - start)))
    : Number(time >= start);
  return startWeight + (endWeight - startWeight) * risen(schedule, progress);
}

/** How much of the rise from start to end weight is done, in [0, 1], at a progress in [0, 1]. */
function risen(schedule: Exclude<KlSpec, { schedule: "constant" }>, progress: number): number {
  switch (schedule.schedule) {
    case "linear":
      return progress;
    case "cosine":
      return (1 - Math.cos(Math.PI * progress)) / 2;
    case "sigmoid":
      return logisticRamp(progress);
    case "cyclical": {
      // After the last cycle the weight stays where it rose to (Fu et al., 2019, equation 6).
      if (progress === 1) return 1;
      const phase = (progress * schedule.cycles) % 1;
      return Math.min(1, phase / schedule.rampFraction);
    }
  }
}

/** The logistic curve over [-6, 6] (as in Bowman et al., 2016), stretched to go exactly from 0 to 1. */
function logisticRamp(progress: number): number {
  const logistic = (t: number) => 1 / (1 + Math.exp(-t));
  const low = logistic(-6);
  return (logistic(12 * progress - 6) - low) / (1 - 2 * low);
}
