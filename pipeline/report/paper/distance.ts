import type { PaperPlot } from "./verdicts.ts";

/** Losses after each epoch, from the first on, in nats per example. */
export type PlottedCurves = Readonly<
  Record<"train" | "test", Readonly<Record<"loss" | "kl", readonly number[]>>>
>;

/**
 * How far curves lie from one of the paper's plots: root mean squares of the logarithm of ours over the paper's value,
 * so 0.1 is about a tenth apart, on either side.
 */
export interface PlotDistance {
  /** Over all values together. */
  readonly all: number;
  /** Where the plot begins, at its least values, and where it ends. */
  readonly starts: number;
  readonly minima: number;
  readonly ends: number;
}

/**
 * Measures how far curves lie from a plot of the paper.
 *
 * @param passes our epochs in one of the paper's, whose length in steps is not known
 * @throws {RangeError} where the curves end before the plot does
 */
export function plotDistance(
  { firstEpoch, lastEpoch, values }: PaperPlot,
  curves: PlottedCurves,
  passes: number,
): PlotDistance {
  const [first, last] = [firstEpoch * passes, lastEpoch * passes];
  if (curves.train.loss.length < last) {
    throw new RangeError(`Cannot compare: ${curves.train.loss.length} epochs are fewer than ${last}`);
  }
  const apart = values.map(({ part, term, start, minimum, end }) => {
    const shown = curves[part][term].slice(first - 1, last);
    const log = (ours: number, paper: number) => Math.log(ours / paper);
    return {
      start: log(shown[0]!, start),
      minimum: minimum === undefined ? [] : [log(Math.min(...shown), minimum)],
      end: log(shown.at(-1)!, end),
    };
  });
  const [starts, minima, ends] = [
    apart.map(({ start }) => start),
    apart.flatMap(({ minimum }) => minimum),
    apart.map(({ end }) => end),
  ];
  return {
    all: rootMeanSquare([...starts, ...minima, ...ends]),
    starts: rootMeanSquare(starts),
    minima: rootMeanSquare(minima),
    ends: rootMeanSquare(ends),
  };
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}
