/** Values of one quantity over seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation with n - 1; null for a single value. */
  readonly deviation: number | null;
  readonly count: number;
}

/** The spread of some values. @throws {RangeError} where there are none */
export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  if (count === 0) throw new RangeError("Cannot take the mean of no values");
  const mean = values.reduce((sum, value) => sum + value / count, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : null, count };
}
