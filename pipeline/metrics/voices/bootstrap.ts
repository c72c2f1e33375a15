import type { RandomStream } from "../../base/random.ts";

/** A number that was measured on a sample of pieces. */
export interface Estimate {
  /** Null where there is nothing to measure. */
  readonly value: number | null;
  /** Standard error by the bootstrap over pieces; null where there is no value, or a single piece. */
  readonly error: number | null;
}

/** Resamples. An error by 200 is within 5 % of the one by infinitely many (Efron and Tibshirani, 1993, ch. 6). */
const RESAMPLES = 200;

/**
 * A statistic of several sets of pieces, and its standard error: the standard deviation over sets of the same sizes
 * that are drawn from the pieces with replacement (Efron, 1979). Whole pieces are drawn, because the steps of one
 * resemble each other.
 *
 * @param counts pieces of each set
 * @param statistic given how often each piece of each set counts
 */
export function bootstrap(
  counts: readonly number[],
  statistic: (...weights: readonly Uint32Array[]) => number | null,
  stream: RandomStream,
): Estimate {
  const value = statistic(...counts.map((count) => new Uint32Array(count).fill(1)));
  if (value === null || counts.some((count) => count < 2)) return { value, error: null };
  const values = Array.from({ length: RESAMPLES }, () => {
    const weights = counts.map((count) => {
      const drawn = new Uint32Array(count);
      for (let i = 0; i < count; i++) drawn[stream.integer(count)]!++;
      return drawn;
    });
    return statistic(...weights);
  }).filter((resampled) => resampled !== null);
  const mean = values.reduce((sum, resampled) => sum + resampled, 0) / values.length;
  const squares = values.reduce((sum, resampled) => sum + (resampled - mean) ** 2, 0);
  return { value, error: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null };
}
