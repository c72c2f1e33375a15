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

/** What a curve shows where the plot does: its first value, its least and its last. */
export interface ShownValues {
  readonly start: number;
  readonly least: number;
  readonly end: number;
}

/**
 * Takes the values that are compared from curves, in the order of the plot's.
 *
 * @param passes our epochs in one of the paper's, whose length in steps is not known
 * @throws {RangeError} where the curves end before the plot does
 */
export function shownValues(
  { firstEpoch, lastEpoch, values }: PaperPlot,
  curves: PlottedCurves,
  passes: number,
): ShownValues[] {
  const [first, last] = [firstEpoch * passes, lastEpoch * passes];
  if (curves.train.loss.length < last) {
    throw new RangeError(`Cannot compare: ${curves.train.loss.length} epochs are fewer than ${last}`);
  }
  return values.map(({ part, term }) => {
    const shown = curves[part][term].slice(first - 1, last);
    return { start: shown[0]!, least: Math.min(...shown), end: shown.at(-1)! };
  });
}

/** Measures how far values of ours lie from a plot of the paper. @param ours in the order of the plot's */
export function plotDistance({ values }: PaperPlot, ours: readonly ShownValues[]): PlotDistance {
  const apart = values.map(({ start, minimum, end }, i) => {
    const log = (value: number, paper: number) => Math.log(value / paper);
    return {
      start: log(ours[i]!.start, start),
      minimum: minimum === undefined ? [] : [log(ours[i]!.least, minimum)],
      end: log(ours[i]!.end, end),
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
