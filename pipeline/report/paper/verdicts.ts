import { capital, count, nats, percent } from "../../base/words.ts";
import paper from "./paper.json" with { type: "json" };
import type { PaperResult } from "./read.ts";

/** Sentences and rows that follow from the numbers; what the paper found is in `paper.json`. */

/** The share up to which two values may be apart and count as the same: a little more than can be read off a plot. */
export const TOLERANCE = 0.03;

/** One of the paper's plots, in numbers read off it. */
export interface PaperPlot {
  readonly figure: number;
  /** Epochs that the paper's plot begins and ends at. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  readonly values: readonly PaperValue[];
}

interface PaperValue {
  readonly name: string;
  readonly part: "train" | "test";
  readonly term: "loss" | "kl";
  readonly start: number;
  /** Between the two ends, where the curve turns. */
  readonly minimum?: number;
  readonly end: number;
  /** Standard deviation of ours at the end over three seeds, trained beforehand; undefined where that was not done. */
  readonly deviation?: number;
}

/** The paper's plots of losses, one for each dataset. */
export const PLOTS: { readonly mnist: PaperPlot; readonly music: PaperPlot } = {
  mnist: paper.mnist as PaperPlot,
  music: paper.music as PaperPlot,
};
/** How exactly values can be read off a plot, as a share. */
export const READ_OFF = paper.readOff;

/** Whether a value of ours is the paper's: `better` is a lower loss. */
export type Agreement = "better" | "same" | "differs";

/** A value of the paper's beside ours. */
export interface ValueComparison {
  readonly name: string;
  readonly paper: number;
  readonly ours: number;
  /** ours - paper */
  readonly difference: number;
  readonly share: number;
  readonly isLowerBetter: boolean;
  readonly agreement: Agreement;
  /** Standard deviation of `ours` over seeds that were trained beforehand; null where that was not done. */
  readonly deviation: number | null;
}

/** How many seeds a deviation that is known beforehand was measured with. */
export const KNOWN_SEEDS = 3;

/** The values at the last epoch of the paper's plot, beside ours at the same epoch. */
export function endValues(result: PaperResult, plot: PaperPlot): ValueComparison[] {
  return plot.values.map(({ name, part, term, end, deviation = null }) => {
    const ours = valueAt(result, part, term, plot.lastEpoch);
    const share = (ours - end) / end;
    return {
      name: `${capital(name)}, ${part}`,
      paper: end,
      ours,
      difference: ours - end,
      share,
      agreement: agreementOf(share, term === "loss"),
      isLowerBetter: term === "loss",
      deviation,
    };
  });
}

function agreementOf(share: number, isLowerBetter: boolean): Agreement {
  return Math.abs(share) <= TOLERANCE ? "same" : isLowerBetter && share < 0 ? "better" : "differs";
}

/** A loss at an epoch, or at the last one there is where training ended before. */
function valueAt(
  result: PaperResult,
  part: "train" | "test",
  term: PaperValue["term"],
  epoch: number,
): number {
  const index = Math.min(result.epochs.length, epoch) - 1;
  return result[part][term][index]!;
}

/** The values after those epochs that the paper's plot shows; of a shorter training the last one. */
export function shownEpochs<Value>(values: readonly Value[], { firstEpoch, lastEpoch }: PaperPlot): Value[] {
  return values.slice(Math.min(firstEpoch, values.length) - 1, lastEpoch);
}

/** What the end values come to. */
export function endSentence(rows: readonly ValueComparison[]): string {
  const of = (agreement: Agreement) => rows.filter((row) => row.agreement === agreement);
  const [better, differs] = [of("better"), of("differs")];
  const listed = (some: readonly ValueComparison[]) =>
    some.map(({ name, share }) => `${lower(name)} (${signedPercent(share)})`).join(", ");
  if (differs.length === 0 && better.length === 0) {
    return `All ${rows.length} end values lie within ${
      percent(TOLERANCE)
    } of the paper's; the largest difference is ${
      signedPercent(rows.reduce((most, { share }) => Math.abs(share) > Math.abs(most) ? share : most, 0))
    }.`;
  }
  return [
    `Of ${rows.length} end values ${of("same").length} lie within ${percent(TOLERANCE)} of the paper's.`,
    better.length > 0 ? `Lower, which is better: ${listed(better)}.` : "",
    differs.length > 0 ? `Further apart: ${listed(differs)}.` : "",
  ].filter(Boolean).join(" ");
}

/** Where our curves start, turn and end, beside the paper's. */
export function shapeSentence(result: PaperResult, plot: PaperPlot): string {
  const path = (values: readonly number[]) => values.map((value) => value.toPrecision(3)).join(" → ");
  const parts = plot.values.filter(({ term }) => term === "kl").map(({ part, start, minimum, end }) => {
    const shown = shownEpochs(result[part].kl, plot);
    const lowest = Math.min(...shown);
    const turns = shown.indexOf(lowest);
    const ours = turns > 0 && turns < shown.length - 1
      ? [shown[0]!, lowest, shown.at(-1)!]
      : [shown[0]!, shown.at(-1)!];
    return `${part} KL ${path(ours)} (paper ${
      path([start, ...(minimum === undefined ? [] : [minimum]), end])
    })`;
  });
  return `From epoch ${plot.firstEpoch} to ${plot.lastEpoch}: ${parts.join("; ")}.`;
}

/**
 * How much of the distance between two test losses may lie in which examples are in the test part, where it was
 * dealt at random: the standard error of a mean.
 */
export function dealSentence(result: PaperResult, plot: PaperPlot): string {
  const { deviation, count: windows } = result.testSpread;
  const paper = plot.values.find(({ part, term }) => part === "test" && term === "loss")!.end;
  const difference = valueAt(result, "test", "loss", plot.lastEpoch) - paper;
  const error = deviation! / Math.sqrt(windows);
  return `The test loss is a mean over ${count(windows)} windows dealt at random, with a standard error of ${
    nats(error)
  } nats; ours is ${nats(Math.abs(difference))} nats ${difference > 0 ? "above" : "below"} the paper's, so ${
    Math.abs(difference) < 2 * error ? "another deal alone could make" : "no other deal alone would make"
  } that difference.`;
}

/** Whether KL rose while the reconstruction fell, as the paper tells of the two terms. */
export function coordinationSentence({ train, epochs }: PaperResult): string {
  const lowest = Math.min(...train.kl);
  const from = train.kl.indexOf(lowest);
  const rise = train.kl.at(-1)! - lowest;
  const fall = train.reconstruction[from]! - train.reconstruction.at(-1)!;
  if (from === train.kl.length - 1 || fall <= 0) {
    return "The KL does not rise again after its lowest value: the two terms do not play together as the paper tells.";
  }
  return `From its lowest value, ${nats(lowest)} nats after epoch ${epochs[from]}, the training KL rises by ${
    nats(rise)
  } ` +
    `while the reconstruction loss falls by ${
      nats(fall)
    }: the code carries more, and pays for it, as the paper tells.`;
}

/** A share with its sign: `+2.0 %`. */
export function signedPercent(share: number): string {
  const text = percent(Math.abs(share));
  return share < 0 ? `−${text}` : `+${text}`;
}

/** Words for the middle of a sentence, in lower case; KL stays as it is. */
function lower(text: string): string {
  return text.startsWith("KL") ? text : text[0]!.toLowerCase() + text.slice(1);
}
