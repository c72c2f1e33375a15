import type { LearningRateSpec } from "../spec/schema.ts";

/**
 * The learning rate of a training step.
 *
 * @param step steps done so far, from 0
 * @param stepsPerEpoch steps in an epoch
 * @param epochs of the whole training
 */
export function learningRate(
  schedule: LearningRateSpec,
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  switch (schedule.schedule) {
    case "constant":
      return schedule.rate;
    case "piecewise": {
      const epoch = Math.floor(step / stepsPerEpoch) + 1;
      const due = schedule.changes.filter((change) => change.epoch <= epoch);
      return due.reduce((latest, change) => change.epoch >= latest.epoch ? change : latest, {
        epoch: 0,
        rate: schedule.rate,
      }).rate;
    }
    case "cosine": {
      // Linear warm-up, then half a cosine (Loshchilov and Hutter, 2017, without restarts). The warm-up counts
      // the step to come, because a first step at rate 0 would be lost.
      const { rate, endRate } = schedule;
      const warmup = schedule.warmupEpochs * stepsPerEpoch;
      if (step < warmup) return rate * Math.min(1, (step + 1) / warmup);
      const progress = Math.min(1, (step - warmup) / Math.max(1, epochs * stepsPerEpoch - warmup));
      return endRate + (rate - endRate) * (1 + Math.cos(Math.PI * progress)) / 2;
    }
  }
}
