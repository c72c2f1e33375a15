import { type Spread, spreadOf } from "./spread.ts";
import { studentQuantile } from "./student_t.ts";

/** The values between which something lies, with a confidence of 95 %. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** A mean and how well it is known. */
export interface Interval extends Bounds {
  readonly mean: number;
  /** Standard deviation of the values, with n - 1. */
  readonly deviation: number;
  readonly count: number;
}

/** The mean of some values with its 95 % confidence interval. @throws {RangeError} where there are fewer than two */
export function intervalOf(values: readonly number[]): Interval {
  const spread = spreadOf(values);
  const { mean, deviation, count } = spread;
  if (deviation === null) throw new RangeError("Cannot give an interval: there is one value alone");
  return { mean, deviation, ...boundsOf(spread), count };
}

/** The 95 % confidence interval of a mean by Student's t: of one value alone, everything. */
export function boundsOf({ mean, deviation, count }: Spread): Bounds {
  if (deviation === null) return { low: -Infinity, high: Infinity };
  const half = studentQuantile(0.975, count - 1) * deviation / Math.sqrt(count);
  return { low: mean - half, high: mean + half };
}

/** The 95 % confidence interval of a share of `count` (Wilson, 1927). */
export function boundsOfShare(share: number, count: number): Bounds {
  const z = 1.959963984540054;
  const scale = 1 + z * z / count;
  const centre = (share + z * z / (2 * count)) / scale;
  const half = z / scale * Math.sqrt(share * (1 - share) / count + z * z / (4 * count * count));
  return { low: centre - half, high: centre + half };
}
