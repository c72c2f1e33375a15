import { meanRow } from "../../metrics/attributes.ts";
import { type Interval, intervalOf } from "../../metrics/interval.ts";
import { measuredTest, oneOfEach } from "../measuring/examples.ts";
import type { StudyContext, StudyResult } from "../study.ts";
import { inkiestSquare, type InputName, INPUTS, madeOf, placesIn } from "./inputs.ts";

/** Errors of predictions: input less what the decoder makes of its code. */
export interface PredictionErrorMetrics {
  readonly examples: number;
  readonly inputs: readonly InputErrors[];
  readonly gap: GapMetrics;
}

/** How large the error is of one kind of input. */
export interface InputErrors {
  readonly name: InputName;
  /** Mean squared error per value. */
  readonly error: Interval;
  /** Squared error as a share of the input's squared distance from the mean training image; 0 where there is none. */
  readonly unexplained: Interval;
  /** Mean square of the code's entries. */
  readonly code: Interval;
  /** Against the same images intact; null of these themselves. */
  readonly against: PairedDifference | null;
}

/** What paired values differ by. */
export interface PairedDifference {
  readonly difference: Interval;
  /** Cohen's d of paired values: the mean difference in standard deviations of the differences; null where they are 0. */
  readonly effectSize: number | null;
  /** Share of pairs in which it rises. */
  readonly rises: number;
}

/** What is predicted where a part of the image is missing; values in [0, 1]. */
export interface GapMetrics {
  /** Side of the square that was cut out, where the image has the most ink. */
  readonly side: number;
  /** Mean value there: before, as the model predicts it, and as it predicts it of another image with the same gap. */
  readonly ink: { readonly before: Interval; readonly predicted: Interval; readonly ofAnother: Interval };
  /** Mean squared distance from what had been there: of the prediction, of another image's, and of black as it came. */
  readonly error: { readonly predicted: Interval; readonly ofAnother: Interval; readonly black: Interval };
  /** Error of another image's prediction less that of its own. */
  readonly own: PairedDifference;
}

/**
 * Feeds test images to the model as they are, with a part missing, upside down, with their pixels shuffled, and noise,
 * and takes from each what the decoder predicts: the error signal of predictive coding (Rao and Ballard, 1999), of which
 * nothing is left where the prediction is right.
 *
 * @returns metrics of null where there is one test example alone: a mean of one has no interval
 */
export function measure(context: StudyContext): StudyResult<PredictionErrorMetrics | null> {
  const { seed, shape, latentSize, reference: { features } } = context;
  const size = features.columns;
  const mean = meanRow(features.data, size, [...Array(features.rows).keys()]);
  const examples = measuredTest(context).features;
  if (examples.rows < 2) return { metrics: null, pictures: [examples.data] };
  const perImage = (measure: (i: number) => number) =>
    Array.from({ length: examples.rows }, (_, i) => measure(i));
  const gapsOf = (pictures: Float32Array) =>
    Array.from(
      { length: pictures.length / size },
      (_, i) => inkiestSquare(pictures.subarray(i * size, (i + 1) * size), shape),
    );
  const gaps = gapsOf(examples.data);
  const inputs = madeOf(examples.data, shape, gaps, seed);

  const seen = (input: Float32Array) => {
    const codes = context.encode(input);
    const predicted = context.decode(codes);
    const squares = perImage((i) =>
      meanOver(size, (j) => (input[i * size + j]! - predicted[i * size + j]!) ** 2)
    );
    const distances = perImage((i) => meanOver(size, (j) => (input[i * size + j]! - mean[j]!) ** 2));
    const energies = perImage((i) => meanOver(latentSize, (j) => codes[i * latentSize + j]! ** 2));
    return {
      predicted,
      squares,
      unexplained: squares.map((square, i) => distances[i] === 0 ? 0 : square / distances[i]!),
      energies,
    };
  };
  const all = INPUTS.map((name) => ({ name, ...seen(inputs[name]) }));
  const [intact, missing] = all;

  const { predicted } = missing!;
  const inGap = (i: number, value: (place: number) => number) => {
    const places = placesIn(gaps[i]!, shape);
    return meanOver(places.length, (j) => value(places[j]!));
  };
  // Every image borrows the prediction of the next one, which is fed with this one's gap.
  const next = (i: number) => (i + 1) % examples.rows;
  const shifted = new Float32Array(examples.data.length);
  perImage((i) => {
    shifted.set(examples.data.subarray(next(i) * size, (next(i) + 1) * size), i * size);
    return 0;
  });
  const another = context.decode(context.encode(madeOf(shifted, shape, gaps, seed)["part missing"]));
  const before = examples.data;
  const gapError = (made: (at: number) => number) =>
    perImage((i) => inGap(i, (j) => (made(i * size + j) - before[i * size + j]!) ** 2));
  const [ownError, anotherError] = [gapError((at) => predicted[at]!), gapError((at) => another[at]!)];
  const inkOf = (values: Float32Array) => intervalOf(perImage((i) => inGap(i, (j) => values[i * size + j]!)));

  const shown = oneOfEach(context).features.data;
  const shownInputs = madeOf(shown, shape, gapsOf(shown), seed);
  return {
    metrics: {
      examples: examples.rows,
      inputs: all.map(({ name, squares, unexplained, energies }, i) => ({
        name,
        error: intervalOf(squares),
        unexplained: intervalOf(unexplained),
        code: intervalOf(energies),
        against: i === 0 ? null : paired(squares, intact!.squares),
      })),
      gap: {
        side: gaps[0]!.side,
        ink: { before: inkOf(before), predicted: inkOf(predicted), ofAnother: inkOf(another) },
        error: {
          predicted: intervalOf(ownError),
          ofAnother: intervalOf(anotherError),
          black: intervalOf(gapError(() => 0)),
        },
        own: paired(anotherError, ownError),
      },
    },
    pictures: INPUTS.flatMap((name) => {
      const input = shownInputs[name];
      const made = context.decode(context.encode(input));
      return [input, made, input.map((value, i) => Math.abs(value - made[i]!))];
    }),
  };
}

function meanOver(length: number, value: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += value(i);
  return sum / length;
}

/** First values less second ones. */
function paired(values: readonly number[], others: readonly number[]): PairedDifference {
  const differences = values.map((value, i) => value - others[i]!);
  const difference = intervalOf(differences);
  return {
    difference,
    effectSize: difference.deviation === 0 ? null : difference.mean / difference.deviation,
    rises: differences.filter((value) => value > 0).length / differences.length,
  };
}
