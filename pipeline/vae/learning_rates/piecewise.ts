import type { PiecewiseRate } from "./piecewise.spec.ts";

/** The rate of the last change that has come. */
export function learningRate({ rate, changes }: PiecewiseRate, step: number, stepsPerEpoch: number): number {
  const epoch = Math.floor(step / stepsPerEpoch) + 1;
  const due = changes.filter((change) => change.epoch <= epoch);
  return due.reduce((latest, change) => change.epoch >= latest.epoch ? change : latest, { epoch: 0, rate })
    .rate;
}
