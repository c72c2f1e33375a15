import { studentTail } from "./student_t.ts";

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

/**
 * Welch's test (1947) of equal means where variances may differ: the two-sided p-value, or null where one side
 * has a single value, whose spread nobody knows.
 */
export function welchTest(a: Spread, b: Spread): number | null {
  if (a.deviation === null || b.deviation === null) return null;
  const [u, v] = [a.deviation ** 2 / a.count, b.deviation ** 2 / b.count];
  if (u + v === 0) return a.mean === b.mean ? 1 : 0;
  const degrees = (u + v) ** 2 / (u ** 2 / (a.count - 1) + v ** 2 / (b.count - 1));
  return studentTail((a.mean - b.mean) / Math.sqrt(u + v), degrees);
}

/** The chance that a best is marked among equals: the usual level of a test, for the whole row of tests. */
export const LEVEL = 0.05;

/** `best`: ahead of all others by more than luck. `tied`: nobody is, and this one may be the best. */
export type Standing = "best" | "tied" | null;

/**
 * Which of several groups is best, where the spread allows to say so. The one with the best mean is, if Welch's
 * test tells it from each other one at `LEVEL` divided by the number of others (Bonferroni), so that among
 * equals a best is marked in at most one table of twenty. Otherwise it and those that it cannot be told from are
 * tied; where these are all, nothing is said.
 *
 * @param groups null where a group has no value
 */
export function standings(groups: readonly (Spread | null)[], better: "lower" | "higher"): Standing[] {
  const sign = better === "lower" ? 1 : -1;
  const present = groups.filter((group) => group !== null);
  const none = groups.map(() => null);
  if (present.length < 2) return none;
  const leader = present.reduce((best, group) => sign * group.mean < sign * best.mean ? group : best);
  const isBehind = (group: Spread) => {
    const p = welchTest(leader, group);
    return p !== null && p < LEVEL / (present.length - 1);
  };
  const contenders = present.filter((group) => group === leader || !isBehind(group));
  if (contenders.length === present.length) return none;
  const standing = contenders.length === 1 ? "best" : "tied";
  return groups.map((group) => group !== null && contenders.includes(group) ? standing : null);
}
