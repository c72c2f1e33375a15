import { spreadOf } from "./spread.ts";
import { studentQuantile } from "./student_t.ts";

/** A mean and how well it is known. */
export interface Interval {
  readonly mean: number;
  /** Standard deviation of the values, with n - 1. */
  readonly deviation: number;
  /** The mean's 95 % confidence interval by Student's t. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** The mean of some values with its 95 % confidence interval. @throws {RangeError} where there are fewer than two */
export function intervalOf(values: readonly number[]): Interval {
  const { mean, deviation, count } = spreadOf(values);
  if (deviation === null) throw new RangeError("Cannot give an interval: there is one value alone");
  const half = studentQuantile(0.975, count - 1) * deviation / Math.sqrt(count);
  return { mean, deviation, low: mean - half, high: mean + half, count };
}
