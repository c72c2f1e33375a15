import { type BySeed, difference, type MeanDifference } from "./pairwise.ts";

/** The chance that anything is marked, or left unmarked, that luck alone made so: for a whole column of a table. */
export const LEVEL = 0.05;

/** `best`: ahead of all others by more than luck. `tied`: nobody is, and this one may be the best. */
export type Standing = "best" | "tied" | null;

/** How several groups stand to each other. */
export interface Ranking {
  /** For each group; null for those that others are ahead of, and for all where nobody is behind. */
  readonly standings: readonly Standing[];
  /** What two groups differ by, with a p-value that accounts for all pairs; null where there is no telling. */
  between(a: number, b: number): MeanDifference | null;
  /** Pairs that were compared. */
  readonly comparisons: number;
}

/**
 * Which of several groups is best, where the spread allows to say so. All pairs are compared, whoever leads: to test
 * the leader against the others would be to choose by the same numbers that are tested. Holm's procedure (1979)
 * holds the chance of a single wrong distinction among all pairs to `LEVEL`, whatever depends on what. A group that
 * another is ahead of is not the best; where one is left, it is, and where several are, they are tied.
 *
 * @param groups null where a group has no value
 */
export function rankGroups(groups: readonly (BySeed | null)[], better: "lower" | "higher"): Ranking {
  const pairs: { a: number; b: number; found: MeanDifference }[] = [];
  groups.forEach((left, a) =>
    groups.forEach((right, b) => {
      const found = a < b && left && right ? difference(left, right) : null;
      if (found) pairs.push({ a, b, found });
    })
  );
  const adjusted: (MeanDifference | undefined)[] = [];
  const place = (a: number, b: number) => a * groups.length + b;
  const behind = new Set<number>();
  let p = 0;
  pairs.sort((x, y) => x.found.p - y.found.p).forEach(({ a, b, found }, i) => {
    p = Math.max(p, Math.min(1, (pairs.length - i) * found.p));
    adjusted[place(a, b)] = { ...found, p };
    adjusted[place(b, a)] = { ...found, mean: -found.mean, p };
    if (p < LEVEL) behind.add(found.mean > 0 === (better === "lower") ? a : b);
  });
  const present = [...groups.keys()].filter((group) => groups[group] !== null);
  const contenders = present.filter((group) => !behind.has(group));
  const standing = contenders.length === present.length ? null : contenders.length === 1 ? "best" : "tied";
  return {
    standings: groups.map((_, group) => contenders.includes(group) ? standing : null),
    between: (a, b) => adjusted[place(a, b)] ?? null,
    comparisons: pairs.length,
  };
}
