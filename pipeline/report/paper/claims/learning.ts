import { count, nats, percent } from "../../../base/words.ts";
import { boundsOf, boundsOfShare } from "../../../metrics/interval.ts";
import { spreadOf } from "../../../metrics/spread.ts";
import {
  endValues,
  KNOWN_SEEDS,
  type PaperPlot,
  PLOTS,
  TOLERANCE,
  type ValueComparison,
} from "../verdicts.ts";
import { STAND_IN } from "../parts.ts";
import { withDeviation } from "../spread.ts";
import type { PaperResult, Separation } from "../read.ts";
import { above, all, below, type Claim, type ClaimVerdict, type Judgement, unanimous } from "./claim.ts";

/** What the paper says of training, and of the values that its plots end at. */
export const LEARNING: readonly Claim[] = [
  {
    says: "On MNIST the losses end where Figure 4 shows them",
    section: "3",
    shownAt: "figure-4",
    rests: ({ mnist }) => [mnist],
    judge: ({ mnist }) => judgeEndValues(endValues(mnist, PLOTS.mnist), PLOTS.mnist),
  },
  {
    says: "On lute music the losses end where Figure 5 shows them",
    section: "3",
    shownAt: "figure-5",
    rests: ({ music }) => [music],
    judge: ({ music, standIn }) =>
      standIn === undefined
        ? judgeEndValues(endValues(music, PLOTS.music), PLOTS.music)
        : { verdict: "cannot be told", why: "The lute files could not be had." },
  },
  {
    says: "The KL is low at first, and rises while the reconstruction gets better",
    section: "3",
    shownAt: "figure-4",
    rests: ({ mnist }) => [mnist],
    judge: ({ mnist }) => judgeCoordination(mnist.train),
  },
  {
    says: "Learning is possible on music, too; a rising KL is its sign",
    section: "3",
    shownAt: "figure-5",
    rests: ({ music }) => [music],
    judge: ({ music, standIn }) => {
      const { verdict, why } = judgeCoordination(music.train);
      return { verdict, why: standIn === undefined ? why : `On ${STAND_IN.title}, not the lute: ${why}` };
    },
  },
  {
    says: "At the beginning codes are distributed as the prior; with training the classes move apart",
    section: "3",
    shownAt: "motion",
    rests: ({ mnist }) => [mnist],
    judge: ({ mnist, separation }) => judgeSeparation({ ...separation, initialKl: mnist.initialKl }),
  },
  {
    says: "A VAE can ignore its code, and its posterior becomes the prior",
    section: "3",
    shownAt: "kl-annealing",
    rests: ({ annealing }) => annealing,
    judge: ({ annealing }) => judgeCollapse(annealed(annealing).constant),
  },
  {
    says: "A KL weight that rises from 0 to 1 keeps the code in use",
    section: "3",
    shownAt: "kl-annealing",
    rests: ({ annealing }) => annealing,
    judge: ({ annealing }) => judgeAnnealing(annealed(annealing)),
  },
  {
    says: "The KL term holds the codes near the prior, so that draws from it can be decoded",
    section: "1",
    shownAt: "studies",
    rests: ({ limit }) => limit,
    judge: ({ limit }) => judgePriorFit(distances(limit)),
  },
];

/** Judges whether all end values are the paper's, or better losses, whatever the seed where that is known. */
export function judgeEndValues(rows: readonly ValueComparison[], { lastEpoch }: PaperPlot): Judgement {
  const apart = rows.filter(({ agreement }) => agreement === "differs");
  const share = (value: number) => `${value < 0 ? "−" : "+"}${percent(Math.abs(value))}`;
  return {
    verdict: all(rows.map(holdsForSeeds)),
    why: `After epoch ${lastEpoch}, ${rows.length - apart.length} of ${rows.length} values lie within ${
      percent(TOLERANCE)
    } of the paper's or are lower losses${
      apart.length === 0
        ? ""
        : `; further apart: ${apart.map((row) => `${row.name} ${share(row.share)}`).join(", ")}`
    }.${seedsSentence(rows)}`,
  };
}

/** Whether a value is the paper's, or a better loss, whatever the seed. */
function holdsForSeeds({ paper, share, deviation, isLowerBetter }: ValueComparison): ClaimVerdict {
  const ofSeeds = boundsOf({ mean: share, deviation: (deviation ?? 0) / paper, count: KNOWN_SEEDS });
  return all([below(ofSeeds, TOLERANCE), isLowerBetter ? "supported" : above(ofSeeds, -TOLERANCE)]);
}

/** What other seeds change, where that is known. */
function seedsSentence(rows: readonly ValueComparison[]): string {
  const known = rows.filter(({ deviation }) => deviation !== null);
  if (known.length === 0) return "";
  const most = Math.max(...known.map(({ deviation, paper }) => deviation! / paper));
  const unsure = known.filter((row) => holdsForSeeds(row) === "cannot be told").map(({ name }) => name);
  return ` Standard deviations of ours over ${KNOWN_SEEDS} seeds, trained beforehand, are up to ${
    percent(most)
  } of the value, and are allowed for${
    unsure.length === 0 ? "" : `; by so much another seed may be further apart in: ${unsure.join(", ")}`
  }.`;
}

/** Judges whether the KL turns, and rises by more than can be read off a plot while the reconstruction falls. */
export function judgeCoordination(
  { kl, reconstruction }: Pick<PaperResult["train"], "kl" | "reconstruction">,
): Judgement {
  const least = Math.min(...kl);
  const from = kl.indexOf(least);
  const [rise, fall] = [kl.at(-1)! - least, reconstruction[from]! - reconstruction.at(-1)!];
  return {
    verdict: rise > TOLERANCE * least && fall > 0 ? "supported" : "not supported",
    why:
      `From its least value, ${nats(least)} nats, the training KL rises by ${
        nats(rise)
      } while the reconstruction ` +
      `loss ${fall > 0 ? "falls" : "rises"} by ${nats(Math.abs(fall))}.`,
  };
}

/** KL in nats below which codes before training count as draws from the prior. */
const NEAR_PRIOR = 1;

/** Judges whether codes start at the prior, and classes are told better from them at the end. */
export function judgeSeparation(
  { before, after, examples, initialKl }: Separation & { readonly initialKl: number },
): Judgement {
  const start: ClaimVerdict = initialKl < NEAR_PRIOR ? "supported" : "not supported";
  const apart = boundsOfShare(after, examples).low > boundsOfShare(before, examples).high
    ? "supported"
    : boundsOfShare(after, examples).high < boundsOfShare(before, examples).low
    ? "not supported"
    : "cannot be told";
  return {
    verdict: all([start, apart]),
    why: `Before training the KL to the prior is ${nats(initialKl)} nats. Nearest neighbours tell ${
      percent(before)
    } of ${count(examples)} test digits right from their codes then, and ${percent(after)} at the end.`,
  };
}

/** A run with some way of weighing the KL term, and what came of it. */
export interface Weighted {
  readonly active: number;
  readonly size: number;
  /** KL on the test set, in nats. */
  readonly kl: number;
  readonly loss: number;
}

/** Runs with a constant weight, and those whose weight rises, in the same order of seeds. */
interface Annealed {
  readonly constant: readonly Weighted[];
  readonly rising: readonly Weighted[];
}

function annealed(results: readonly PaperResult[]): Annealed {
  const bySeed = [...results].sort((a, b) => a.spec.seed - b.spec.seed);
  const weighted = (some: readonly PaperResult[]) =>
    some.map(({ metrics: { latent, test } }): Weighted => ({
      active: latent.activeUnits,
      size: latent.size,
      kl: test.kl,
      loss: test.loss,
    }));
  const isConstant = ({ klWeight }: PaperResult) => new Set(klWeight).size === 1;
  return {
    constant: weighted(bySeed.filter(isConstant)),
    rising: weighted(bySeed.filter((result) => !isConstant(result))),
  };
}

const activeOf = (runs: readonly Weighted[]) => runs.map(({ active }) => active).join(", ");
const overRuns = (runs: readonly Weighted[], of: keyof Weighted) =>
  withDeviation(spreadOf(runs.map((run) => run[of])), nats);

/** Judges whether the posterior of every run became the prior in some dimensions. */
export function judgeCollapse(runs: readonly Weighted[]): Judgement {
  return {
    verdict: unanimous(runs.map(({ active, size }) => active < size ? "supported" : "not supported")),
    why: `With the full weight from the start ${activeOf(runs)} of ${
      runs[0]!.size
    } dimensions carry anything of the image after training, seed by seed, with a KL of ${
      overRuns(runs, "kl")
    } nats.`,
  };
}

/** Judges whether a rising weight keeps more dimensions alive, for every seed. */
export function judgeAnnealing({ constant, rising }: Annealed): Judgement {
  return {
    verdict: unanimous(rising.map(({ active }, i) => {
      const gained = active - constant[i]!.active;
      return gained > 0 ? "supported" : gained < 0 ? "not supported" : "cannot be told";
    })),
    why: `Seed by seed ${activeOf(rising)} of ${
      rising[0]!.size
    } dimensions are active with a rising weight and ${activeOf(constant)} without; test losses are ${
      overRuns(rising, "loss")
    } and ${overRuns(constant, "loss")} nats.`,
  };
}

/** Nats from the prior up to which the codes' Gaussian counts as near to it. */
const NEAR = 1;

/** Judges whether codes lie near the prior with the KL term, and further away without, for every seed. */
export function judgePriorFit(
  { whole, without }: { readonly whole: readonly number[]; readonly without: readonly number[] },
): Judgement {
  return {
    verdict: unanimous(
      whole.map((distance, i) => distance < NEAR && without[i]! > distance ? "supported" : "not supported"),
    ),
    why: `A Gaussian with the codes' mean and covariance is ${
      withDeviation(spreadOf(whole), nats)
    } nats from the prior with the KL term, and ${withDeviation(spreadOf(without), nats)} without.`,
  };
}

/** How far codes are from the prior with the KL term and without it, in the same order of seeds. */
function distances(results: readonly PaperResult[]): Parameters<typeof judgePriorFit>[0] {
  const bySeed = [...results].sort((a, b) => a.spec.seed - b.spec.seed);
  const of = (hasTerm: boolean) =>
    bySeed.filter(({ klWeight }) => klWeight.at(-1)! > 0 === hasTerm)
      .map(({ metrics: { latent } }) => latent.momentMatchedKl);
  return { whole: of(true), without: of(false) };
}
