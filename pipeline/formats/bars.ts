/** Bars of a piece on the grid of a piano roll. */

/** A metre that holds from a step on. */
export interface MetreOnGrid {
  /** The first step of its first bar. */
  readonly step: number;
  /** "3/4" */
  readonly metre: string;
  /** Steps in a bar, a whole number. */
  readonly stepsPerBar: number;
}

/** Where in the bars of its piece a step lies. */
export interface PlaceInBar {
  /** From 1. */
  readonly bar: number;
  /** "3/4" */
  readonly metre: string;
  /** Steps in this bar. */
  readonly stepsPerBar: number;
  /** From 0. */
  readonly stepOfBar: number;
}

/**
 * The bar that a step is in. Where the metre changes within a bar, that bar ends there.
 * @param metres by their steps, the first from step 0 on
 */
export function placeInBar(metres: readonly MetreOnGrid[], step: number): PlaceInBar {
  let bar = 1;
  for (const [i, { step: from, metre, stepsPerBar }] of metres.entries()) {
    const until = metres[i + 1]?.step ?? Infinity;
    if (step < until) {
      const within = step - from;
      return {
        bar: bar + Math.floor(within / stepsPerBar),
        metre,
        stepsPerBar,
        stepOfBar: within % stepsPerBar,
      };
    }
    bar += Math.ceil((until - from) / stepsPerBar);
  }
  throw new RangeError("Cannot find a bar: there is no metre");
}

/** A bar of a stretch of music. */
export interface Bar {
  /** "3/4" */
  readonly metre: string;
  /** Its first step. */
  readonly start: number;
  /** The step after its last. */
  readonly end: number;
  /** Whether it is shorter than its metre asks for: a pickup, the last one, or one in which the metre changes. */
  readonly isShort: boolean;
}

/** The bars of a stretch of so many steps; the last one ends with it. @param metres by their steps, the first from step 0 on */
export function barsOf(metres: readonly MetreOnGrid[], steps: number): Bar[] {
  return metres.flatMap(({ step: from, metre, stepsPerBar }, i) => {
    const until = Math.min(steps, metres[i + 1]?.step ?? steps);
    const bars = Math.max(0, Math.ceil((until - from) / stepsPerBar));
    return Array.from({ length: bars }, (_, bar): Bar => {
      const start = from + bar * stepsPerBar, end = Math.min(until, start + stepsPerBar);
      return { metre, start, end, isShort: end - start < stepsPerBar };
    });
  });
}
