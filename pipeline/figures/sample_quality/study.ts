import { ink, intensities, slant } from "../../metrics/attributes.ts";
import { sampleRegion } from "../../metrics/class_region.ts";
import { frechetDistance } from "../../metrics/frechet.ts";
import { type Matrix, rowsAt, rowsOf } from "../../metrics/matrix.ts";
import { mostProbable } from "../../metrics/most_probable.ts";
import { highFrequencyShare, laplacianVariance } from "../../metrics/sharpness.ts";
import { spreadOf } from "../../metrics/spread.ts";
import { randomStream } from "../../base/random.ts";
import { measuredTest } from "../measuring/examples.ts";
import type { PictureClassifier, StudyContext, StudyResult } from "../study.ts";

/** How good samples are, by what can be measured without anybody looking. */
export interface SampleQualityMetrics {
  /** Images of each kind that detail is measured on. */
  readonly examples: number;
  /** How much detail test images, their reconstructions and samples of the prior have. */
  readonly detail: Readonly<Record<ImageKind, Detail>>;
  /** The variance of a value over the samples, as a share of that over test images; about 0 where all are alike. */
  readonly variety: number;
  /** What a classifier makes of them; null where there are no classes to train one on. */
  readonly judged: JudgedSamples | null;
}

/** Images that are compared. */
export type ImageKind = "test" | "reconstructions" | "samples";

/** The detail of images, means with standard errors. */
export interface Detail {
  /** Variance of the Laplacian. */
  readonly laplacian: Estimate;
  /** Share of the spectral energy above a quarter of a cycle per pixel. */
  readonly highFrequencies: Estimate;
}

/** A mean over images. */
export interface Estimate {
  readonly mean: number;
  /** Null where a single image cannot show it. */
  readonly standardError: number | null;
}

/** What a classifier that was trained on the same data makes of samples. */
export interface JudgedSamples {
  readonly classifier: {
    /** On the test examples. */
    readonly accuracy: number;
    readonly trainingExamples: number;
    readonly epochs: number;
  };
  /** Null where there are no more images than features, whose covariance they could not show. */
  readonly frechet: FrechetDistances | null;
  /** Share of the samples that it takes for each class, by label. */
  readonly classes: readonly number[];
  readonly search: ClassSearch;
}

/** Fréchet distances to as many test images, on the classifier's last hidden layer. */
export interface FrechetDistances {
  readonly images: number;
  /** That of other test images: what is left at this number of images where there is no difference. */
  readonly test: number;
  readonly reconstructions: number;
  readonly samples: number;
}

/** What it takes to get an image of a class that is wanted. */
export interface ClassSearch {
  /** P(class|image) from which on the classifier is satisfied. */
  readonly certainty: number;
  /** Codes that were tried: of the prior, for all classes, and of where the codes of each class lie, for that class. */
  readonly tries: { readonly prior: number; readonly region: number };
  /** By label. */
  readonly perClass: readonly {
    /** Share of test images of the class that satisfy the classifier. */
    readonly test: number;
    /** Share of the prior's samples that do. */
    readonly prior: number;
    /** Share of samples from where the class's codes lie; null where it has none. */
    readonly region: number | null;
  }[];
  /** What else is different in the images that satisfied it. */
  readonly collateral: readonly Collateral[];
}

/** How an attribute of images that satisfied the classifier differs from that of test images of the same class. */
export interface Collateral {
  readonly attribute: "ink" | "slant";
  readonly way: "prior" | "region";
  /** Distance of the two means in standard deviations of the test images, a mean over classes; null: too few images. */
  readonly shift: number | null;
  /** The standard deviation as a share of that of the test images, likewise. */
  readonly spread: number | null;
}

/** Samples of the prior; also the most images that a Fréchet distance is computed of. */
const SAMPLES = 2000;
/** Samples from where the codes of a class lie. */
const PER_CLASS = 200;
/** P(class|image) that satisfies the classifier. */
const CERTAINTY = 0.9;
/** Images below which nothing is said of an attribute's distribution. */
const FEW = 10;
/** Images in each row of the figure, and rows of samples. */
const SHOWN = 12, SAMPLE_ROWS = 3;

/** Measures samples of the prior beside test images and their reconstructions. */
export function measure(context: StudyContext): StudyResult<SampleQualityMetrics> {
  const size = context.reference.features.columns;
  const { features: { data: test, rows: examples } } = measuredTest(context);
  const samples = context.decode(context.samplePrior("sample quality", SAMPLES));
  const reconstructions = context.decode(context.encode(test));
  const first = (images: Float32Array, count: number) => images.subarray(0, count * size);
  const kinds = { test, reconstructions, samples: first(samples, Math.min(examples, SAMPLES)) };
  const detail = Object.fromEntries(
    Object.entries(kinds).map(([kind, images]) => [kind, detailOf(images, context.shape)]),
  ) as Record<ImageKind, Detail>;
  return {
    metrics: {
      examples,
      detail,
      variety: variance(samples, size) / Math.max(variance(test, size), 1e-12),
      judged: context.classifier ? judge(context, context.classifier, samples) : null,
    },
    pictures: [
      first(test, SHOWN),
      first(reconstructions, SHOWN),
      ...Array.from(
        { length: SAMPLE_ROWS },
        (_, row) => samples.subarray(row * SHOWN * size, (row + 1) * SHOWN * size),
      ),
    ].map((row) => padded(row, SHOWN * size)),
  };
}

/** A row as long as the others, where there are too few images. */
function padded(row: Float32Array, length: number): Float32Array {
  if (row.length === length) return row;
  const whole = new Float32Array(length);
  whole.set(row);
  return whole;
}

function detailOf(images: Float32Array, shape: readonly number[]): Detail {
  const pictures = greys(images, shape);
  const width = shape[1]!;
  return {
    laplacian: estimate(pictures.map((picture) => laplacianVariance(picture, width))),
    highFrequencies: estimate(pictures.map((picture) => highFrequencyShare(picture, width))),
  };
}

function estimate(values: readonly number[]): Estimate {
  const { mean, deviation, count } = spreadOf(values);
  return { mean, standardError: deviation === null ? null : deviation / Math.sqrt(count) };
}

/** Each image as intensities [height, width]. */
function greys(images: Float32Array, [height, width, channels = 1]: readonly number[]): Float32Array[] {
  const size = height! * width! * channels;
  return Array.from(
    { length: images.length / size },
    (_, i) => intensities(images.subarray(i * size, (i + 1) * size), channels),
  );
}

/** The variance of each value over the images, summed over values. */
function variance(images: Float32Array, size: number): number {
  const rows = images.length / size;
  const [sums, squares] = [new Float64Array(size), new Float64Array(size)];
  images.forEach((value, i) => {
    sums[i % size]! += value;
    squares[i % size]! += value * value;
  });
  return sums.reduce((all, sum, i) => all + squares[i]! / rows - (sum / rows) ** 2, 0);
}

function judge(context: StudyContext, classifier: PictureClassifier, samples: Float32Array): JudgedSamples {
  const { seed, classes, test } = context;
  const { accuracy, trainingExamples, epochs, classify } = classifier;
  // Two sets without an image in common, drawn at random: MNIST's test file begins with the easier ones.
  const order = randomStream(seed, "judged examples").permutation(test.features.rows);
  const images = Math.max(1, Math.min(SAMPLES, Math.floor(order.length / 2)));
  const [some, others] = [order.subarray(0, images), order.subarray(images, 2 * images)]
    .map((indices) => rowsAt(test.features, indices).data) as [Float32Array, Float32Array];
  const tested = classify(some);
  const sampled = classify(samples);
  const distance = (features: Matrix) => frechetDistance(rowsOf(features, 0, images), tested.features);
  const guesses = mostProbable(sampled.probabilities);
  return {
    classifier: { accuracy, trainingExamples, epochs },
    frechet: images <= tested.features.columns ? null : {
      images,
      test: distance(classify(others).features),
      reconstructions: distance(classify(context.decode(context.encode(some))).features),
      samples: distance(sampled.features),
    },
    classes: classes.map((_, label) => guesses.filter((guess) => guess === label).length / guesses.length),
    search: search(context, classifier, {
      test: {
        images: some,
        probabilities: tested.probabilities,
        labels: rowsAt({ columns: 1, data: test.labels }, order.subarray(0, images)).data,
      },
      prior: { images: samples, probabilities: sampled.probabilities },
    }),
  };
}

/** Images, and what the classifier makes of them. */
interface Seen {
  readonly images: Float32Array;
  readonly probabilities: Matrix;
}

/** Looks for images of each class: among samples of the prior, and where the codes of the class lie. */
function search(
  { seed, shape, classes, regions, latentSize, decode }: StudyContext,
  { classify }: PictureClassifier,
  { test, prior }: { readonly test: Seen & { readonly labels: Uint8Array }; readonly prior: Seen },
): ClassSearch {
  const found = classes.map((_, label) => {
    const region = regions[label];
    const noise = randomStream(seed, "wanted classes", label).fillNormal(
      new Float32Array(PER_CLASS * latentSize),
    );
    const images = region && decode(sampleRegion(region, noise));
    const own = [...test.labels.keys()].filter((i) => test.labels[i] === label);
    const satisfied = satisfying(test, label);
    return {
      real: attributesOf(test.images, own, shape),
      test: own.filter((i) => satisfied.includes(i)).length / Math.max(1, own.length),
      prior: hits(prior, label, shape),
      region: images
        ? hits({ images, probabilities: classify(images).probabilities }, label, shape)
        : undefined,
    };
  });
  return {
    certainty: CERTAINTY,
    tries: { prior: prior.probabilities.rows, region: PER_CLASS },
    perClass: found.map(({ test, prior, region }) => ({
      test,
      prior: prior.share,
      region: region?.share ?? null,
    })),
    collateral: (["prior", "region"] as const).flatMap((way) =>
      (["ink", "slant"] as const).map((attribute) => ({
        attribute,
        way,
        ...differences(found.map((one) => [one[way]?.attributes[attribute] ?? [], one.real[attribute]])),
      }))
    ),
  };
}

type Attributes = Readonly<Record<"ink" | "slant", readonly number[]>>;

function satisfying({ probabilities: { rows, columns, data } }: Seen, label: number): number[] {
  return [...Array(rows).keys()].filter((i) => data[i * columns + label]! >= CERTAINTY);
}

function hits(seen: Seen, label: number, shape: readonly number[]) {
  const satisfied = satisfying(seen, label);
  return {
    share: satisfied.length / seen.probabilities.rows,
    attributes: attributesOf(seen.images, satisfied, shape),
  };
}

function attributesOf(
  images: Float32Array,
  indices: readonly number[],
  shape: readonly number[],
): Attributes {
  const pictures = greys(images, shape);
  const chosen = indices.map((i) => pictures[i]!);
  return { ink: chosen.map(ink), slant: chosen.map((picture) => slant(picture, shape[1]!)) };
}

/** @param pairs of each class: the attribute of images that were found, and of test images */
function differences(
  pairs: readonly (readonly [readonly number[], readonly number[]])[],
): Pick<Collateral, "shift" | "spread"> {
  const known = pairs.filter(([found, real]) => found.length >= FEW && real.length >= FEW)
    .map(([found, real]) => ({ found: deviates(found), real: deviates(real) }))
    .filter(({ real }) => real.deviation > 0);
  if (known.length === 0) return { shift: null, spread: null };
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
  return {
    shift: mean(known.map(({ found, real }) => Math.abs(found.mean - real.mean) / real.deviation)),
    spread: mean(known.map(({ found, real }) => found.deviation / real.deviation)),
  };
}

/** The mean and standard deviation of at least two values. */
function deviates(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const { mean, deviation } = spreadOf(values);
  return { mean, deviation: deviation! };
}
