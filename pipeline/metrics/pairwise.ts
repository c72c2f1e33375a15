import { type Spread, spreadOf } from "./spread.ts";
import { studentQuantile, studentTail } from "./student_t.ts";

/** Whether two groups of runs differ by more than luck, and how many runs it would take to tell. */

/** Values of one quantity, by the seed that each followed from. */
export type BySeed = ReadonlyMap<number, number>;

/** What is known of the difference between two means. */
export interface MeanDifference {
  /** Mean of the first less mean of the second. */
  readonly mean: number;
  /** Two-sided: how often equal means would lie that far apart. */
  readonly p: number;
  /** Whether runs were compared seed by seed. */
  readonly isPaired: boolean;
  /** Standard deviation of one run's difference: sqrt(runs) times the mean's standard error. */
  readonly deviation: number;
}

/**
 * Compares two groups: seed by seed (Student's paired test) where all seeds of the smaller group are the other's, too,
 * so that what a seed does to both is no noise; else by Welch's test (1947), whose variances may differ. Null where one
 * side has a single value, whose spread nobody knows.
 */
export function difference(a: BySeed, b: BySeed): MeanDifference | null {
  const shared = [...a.keys()].filter((seed) => b.has(seed));
  if (shared.length >= 2 && shared.length === Math.min(a.size, b.size)) {
    const { mean, deviation, count } = spreadOf(shared.map((seed) => a.get(seed)! - b.get(seed)!));
    return {
      mean,
      p: tail(mean, deviation! / Math.sqrt(count), count - 1),
      isPaired: true,
      deviation: deviation!,
    };
  }
  const [left, right] = [spreadOf([...a.values()]), spreadOf([...b.values()])];
  if (left.deviation === null || right.deviation === null) return null;
  const { error, degrees } = welch(left, right);
  const mean = left.mean - right.mean;
  return {
    mean,
    p: tail(mean, error, degrees),
    isPaired: false,
    deviation: Math.hypot(left.deviation, right.deviation),
  };
}

function welch(a: Spread, b: Spread): { error: number; degrees: number } {
  const [u, v] = [a.deviation! ** 2 / a.count, b.deviation! ** 2 / b.count];
  const degrees = (u + v) ** 2 / (u ** 2 / (a.count - 1) + v ** 2 / (b.count - 1));
  return { error: Math.sqrt(u + v), degrees };
}

function tail(mean: number, error: number, degrees: number): number {
  return error === 0 ? Number(mean === 0) : studentTail(mean / error, degrees);
}

/** The chance to find a difference that is there, which is usually asked for. */
const POWER = 0.8;
/** Nobody trains more seeds than this to tell two groups apart. */
const MOST_SEEDS = 100;

/**
 * How many seeds each group needs so that a difference as large as the one seen, with as large a spread, is found four
 * times of five at this level; null where more than a hundred would not do.
 */
export function seedsToTell({ mean, deviation, isPaired }: MeanDifference, level: number): number | null {
  for (let seeds = 2; seeds <= MOST_SEEDS; seeds++) {
    const degrees = isPaired ? seeds - 1 : 2 * (seeds - 1);
    const needed = studentQuantile(1 - level / 2, degrees) + studentQuantile(POWER, degrees);
    if (Math.abs(mean) * Math.sqrt(seeds) >= deviation * needed) return seeds;
  }
  return null;
}
