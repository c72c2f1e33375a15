import type { ExponentialFamily } from "../metrics/completion.ts";
import type { Moments } from "../metrics/latent.ts";
import type { Matrix, MatrixProduct } from "../metrics/matrix.ts";
import type { Labelled } from "../metrics/probe.ts";

/**
 * The module of a study: a figure whose numbers the evaluation measures where it is asked for. What it returns goes to
 * `metrics.json` and, as an array [rows, pictures, ...shape], to `<figure>.npy`.
 *
 * @example
 * ```ts
 * import type { StudyModule } from "reparam";
 *
 * // How bright test images are after the model has made them again.
 * export const measure: StudyModule<{ readonly mean: number }>["measure"] = ({ test, encode, decode }) => {
 *   const made = decode(encode(test.features.data));
 *   return {
 *     metrics: { mean: made.reduce((sum, value) => sum + value, 0) / made.length },
 *     pictures: [made.subarray(0, 10 * test.features.columns)],
 *   };
 * };
 * ```
 */
export interface StudyModule<Metrics = unknown> {
  /** The same context gives the same numbers; what it draws at random comes from streams of its own. */
  readonly measure: (context: StudyContext) => StudyResult<Metrics>;
}

/** A classifier of pictures that was trained on the reference examples. */
export interface PictureClassifier {
  /** Flat pictures [n, values] -> its last hidden layer, [n, features], and P(class|picture), [n, classes]. */
  classify(pictures: Float32Array): { readonly features: Matrix; readonly probabilities: Matrix };
  /** Share of the test examples that it is right about. */
  readonly accuracy: number;
  /** Examples that it was trained on. */
  readonly trainingExamples: number;
  /** How often it saw each of them. */
  readonly epochs: number;
}

/** A trained model and pictures to study it on. Flat examples are [n, values], codes [n, latent size]. */
export interface StudyContext {
  /** The experiment's. */
  readonly seed: number;
  /** The shape of a picture: [height, width] or [height, width, channels]. */
  readonly shape: readonly number[];
  /** What each label stands for, by label. */
  readonly classes: readonly string[];
  /** Dimensions of z. */
  readonly latentSize: number;
  /** Whether the model is told the class of what it encodes and decodes. */
  readonly conditional: boolean;
  /** Training examples, and the means of their posteriors. */
  readonly reference: Labelled & { readonly codes: Matrix };
  /** Test examples, as they are judged. */
  readonly test: Labelled;
  /** Where each class's training posteriors lie, by label. */
  readonly regions: readonly (Moments | undefined)[];
  /** Standard deviation of the noise that the model was trained against. */
  readonly inputNoise: number | undefined;
  /** k of k-NN. */
  readonly neighbours: number;
  /** p(x|z) of a value whose mean the decoder gives; undefined where the likelihood is no exponential family. */
  readonly likelihood: ExponentialFamily | undefined;
  /**
   * Judges pictures; undefined where there are no classes to tell apart, and where the study's figure does not say that it
   * `classifies`. It is trained when it is asked for.
   */
  readonly classifier: PictureClassifier | undefined;
  /** Codes from p(z), [count, latent size], by the seed's stream of this name. */
  samplePrior(stream: string, count: number): Float32Array;
  /** Products of matrices, by the engine. */
  readonly product: MatrixProduct;
  /** Flat examples, [n, values] -> the means of their posteriors, [n, latent size]. @param labels as for `decode` */
  encode(examples: Float32Array, labels?: ArrayLike<number>): Float32Array;
  /** Codes -> the means of p(x|z), flat. @param labels the class of each, which a conditional model is told */
  decode(codes: Float32Array, labels?: ArrayLike<number>): Float32Array;
}

/** What a study found. */
export interface StudyResult<Metrics> {
  /** JSON, without NaN. */
  readonly metrics: Metrics;
  /** What the figure shows: rows of as many pictures each, flat. */
  readonly pictures: readonly Float32Array[];
}

/** The result of a study as its figure finds it. */
export interface Measured<Metrics> {
  /** As in `metrics.json`. */
  readonly metrics: Metrics;
  /** As in `<figure>.npy`. */
  readonly pictures: {
    readonly rows: number;
    /** Pictures in each row. */
    readonly columns: number;
    /** [rows, columns, ...shape] */
    readonly values: Float32Array;
  };
}
