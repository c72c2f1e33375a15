import type { Bounds } from "../../../metrics/interval.ts";
import { plural } from "../../../base/words.ts";
import type { PaperResult } from "../read.ts";
import type { PaperPage } from "../results.ts";

/** What becomes of a claim of the paper. */
export const VERDICTS = ["supported", "not supported", "cannot be told"] as const;

/** A verdict. */
export type ClaimVerdict = typeof VERDICTS[number];

/** A verdict with the numbers that it follows from. */
export interface Judgement {
  readonly verdict: ClaimVerdict;
  /** One or two sentences. */
  readonly why: string;
}

/** Something that the paper says. */
export interface Claim {
  /** In our words: a sentence without a full stop. */
  readonly says: string;
  /** The paper's section. */
  readonly section: string;
  /** The id of the figure or section of the page that shows it. */
  readonly shownAt?: string;
  /** The trained models that the verdict is about; none where it is about none. */
  readonly rests?: (page: PaperPage) => readonly Pick<PaperResult, "spec">[];
  readonly judge: (page: PaperPage) => Judgement;
}

/** The verdict that all give: of each seed, for example. Where they differ it cannot be told. */
export function unanimous(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  return new Set(verdicts).size === 1 ? verdicts[0]! : "cannot be told";
}

/**
 * Judges runs that differ in nothing but the seed, each by itself. The numbers told are those of the first.
 * @throws {RangeError} where there is none
 */
export function bySeed<Run>(runs: readonly Run[], judge: (run: Run) => Judgement): Judgement {
  const [first, ...others] = runs.map(judge);
  if (first === undefined) throw new RangeError("Cannot judge without a run");
  if (others.length === 0) return first;
  const verdicts = [first, ...others].map(({ verdict }) => verdict);
  const verdict = unanimous(verdicts);
  const seeds = new Set(verdicts).size === 1
    ? "each says the same"
    : `the verdicts are ${verdicts.join(", ")}`;
  return { verdict, why: `${first.why} Numbers are the first seed's; ${seeds}.` };
}

/** How many seeds of training a verdict rests on: a sentence. */
export function seedWords(runs: readonly Pick<PaperResult, "spec">[]): string {
  const seeds = new Set(runs.map(({ spec: { seed } }) => seed)).size;
  return seeds === 1 ? "One seed." : `${plural(seeds, "seed")}.`;
}

/** The verdict on "it is above the threshold", by an interval of what is measured. */
export function above({ low, high }: Bounds, threshold = 0): ClaimVerdict {
  return low > threshold ? "supported" : high < threshold ? "not supported" : "cannot be told";
}

/** The verdict on "it is below the threshold". */
export function below({ low, high }: Bounds, threshold: number): ClaimVerdict {
  return above({ low: -high, high: -low }, -threshold);
}

/** The verdict on a claim that holds where all its parts do, and fails where one does. */
export function all(verdicts: readonly ClaimVerdict[]): ClaimVerdict {
  if (verdicts.includes("not supported")) return "not supported";
  return verdicts.includes("cannot be told") ? "cannot be told" : "supported";
}
