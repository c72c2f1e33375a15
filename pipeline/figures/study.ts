import type { Moments } from "../metrics/latent.ts";
import type { Matrix, MatrixProduct } from "../metrics/matrix.ts";
import { type Labelled, nearestNeighbourAccuracy } from "../metrics/probe.ts";
import { randomStream } from "../base/random.ts";

/** What a study of images works on. Flat examples are [n, values], codes [n, latent size]. */
export interface StudyContext {
  readonly seed: number;
  /** Of one image: [height, width]. */
  readonly shape: readonly number[];
  readonly classes: readonly string[];
  readonly latentSize: number;
  /** Training examples, and the means of their posteriors. */
  readonly reference: Labelled & { readonly codes: Matrix };
  readonly test: Labelled;
  /** Where each class's training posteriors lie. */
  readonly regions: readonly (Moments | undefined)[];
  /** Of the noise that the model was trained against. */
  readonly inputNoise: number | undefined;
  /** k of k-NN. */
  readonly neighbours: number;
  readonly product: MatrixProduct;
  encode(examples: Float32Array): Float32Array;
  /** The means of p(x|z), flat. */
  decode(codes: Float32Array): Float32Array;
}

export interface StudyResult<Metrics> {
  readonly metrics: Metrics;
  /** What the figure shows: rows of as many images each, flat. */
  readonly pictures: readonly Float32Array[];
}

/** Test examples that a study measures. */
const MEASURED = 1000;

/** Some of the test examples, drawn by the seed; all where there are no more. */
export function measuredTest({ seed, test }: StudyContext): Labelled {
  const { rows } = test.features;
  return pick(test, randomStream(seed, "studied examples").permutation(rows).subarray(0, MEASURED));
}

/** A test example of each class that there is, drawn by the seed. */
export function oneOfEach({ seed, test, classes }: StudyContext): Labelled {
  const order = randomStream(seed, "shown examples").permutation(test.features.rows);
  return pick(test, classes.flatMap((_, label) => order.find((i) => test.labels[i] === label) ?? []));
}

export function pick({ features, labels }: Labelled, indices: ArrayLike<number>): Labelled {
  const { columns } = features;
  const data = new Float32Array(indices.length * columns);
  Array.from(
    indices,
    (from, to) => data.set(features.data.subarray(from * columns, (from + 1) * columns), to * columns),
  );
  return {
    features: { rows: indices.length, columns, data },
    labels: Uint8Array.from(Array.from(indices), (i) => labels[i]!),
  };
}

/** The share of images that k-NN among training images takes for the class that is wanted. */
export function recognised(
  { reference, classes, neighbours, product }: StudyContext,
  images: Float32Array,
  wanted: Uint8Array,
): number {
  const features = { rows: wanted.length, columns: images.length / wanted.length, data: images };
  return nearestNeighbourAccuracy(
    reference,
    { features, labels: wanted },
    classes.length,
    neighbours,
    product,
  );
}
