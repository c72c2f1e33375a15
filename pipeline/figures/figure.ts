import type { Nouns } from "../base/words.ts";
import type { DatasetInfo, Part } from "../artifacts/dataset.ts";
import type { Picture } from "../formats/png.ts";
import type { SungRoll } from "../formats/voices.ts";
import type { Moments } from "../metrics/latent.ts";
import type { Bars } from "../metrics/music.ts";
import type { LayerShape, ModelBase } from "../vae/architectures/architecture.ts";
import type { Images } from "./drawing/image.ts";

/**
 * The module of a figure: it chooses from the data, draws, and says in words what is to be seen.
 *
 * @example
 * ```ts
 * import { addText, createFigure, type Drawn, type FigureData } from "reparam";
 *
 * export function draw({ kl: { kl } }: FigureData): Drawn {
 *   const title = "The largest KL";
 *   const alt = `The largest of ${kl.length} latent dimensions has ${Math.max(...kl)} nats.`;
 *   const figure = createFigure("largest-kl", 320, 20, { title, description: alt });
 *   addText(figure.root, 0, 14, alt);
 *   return { title, caption: `${alt} Of the posterior to the prior.`, alt, svg: figure.toString() };
 * }
 * ```
 */
export interface FigureModule<Data = FigureData> {
  /**
   * Draws the figure; the same data give the same bytes.
   *
   * @throws {UserError} where the spec asks for what the data do not have
   */
  readonly draw: (data: Data) => Drawn | NotDrawn;
}

/** What every figure is drawn from; `kinds.ts` says what there is beyond that for each kind of data. */
export interface FigureData<Options = unknown, Study = unknown> {
  /** The spec's `figures`, in which the options of all figures lie side by side. */
  readonly options: Options;
  /** What the figure's own study measured, where it has one (`study.ts`). */
  readonly study: Study;
  /** The experiment's: what a figure draws at random comes from a stream of its own (`base/random.ts`). */
  readonly seed: number;
  /** The model's part of the spec. */
  readonly model: ModelBase;
  /** The model's likelihood in words. */
  readonly likelihood: LikelihoodWords;
  /** The layers of the model in the order in which data flow through them. */
  readonly layers: readonly LayerShape[];
  /** How many numbers the model learns: in its layers, and for its likelihood and its prior. */
  readonly parameters: number;
  /** What `dataset.json` says. */
  readonly info: DatasetInfo;
  /** What one example and several are called. */
  readonly nouns: Nouns;
  /** Training examples with their labels. */
  readonly train: Part;
  /** Test examples with their labels. */
  readonly test: Part;
  /** How training went. */
  readonly curves: LearningCurves;
  /** Codes of test examples while the model was trained. */
  readonly snapshots: Snapshots;
  /** Posterior means of the test examples after training, [test examples, latent size]. */
  readonly means: Float32Array;
  /** Negative ELBO of each test example, in nats, [test examples]. */
  readonly losses: Float64Array;
  /** The importance-weighted bound. */
  readonly importance: ImportanceBound;
  /** What each latent dimension carries. */
  readonly kl: KlPerDimension;
  /** Where the training examples' posteriors lie, by label; undefined for a class without any. */
  readonly regions: readonly (Moments | undefined)[];
  /** The model's p(z). */
  readonly prior: PriorFacts;
  /** Codes from p(z), [count, latent size], by the seed's stream of this name. */
  readonly samplePrior: (stream: string, count: number) => Float32Array;
  /**
   * Codes from the aggregate posterior, the mean of q(z|x) over training examples, [count, latent size], by the seed's
   * stream of this name; and the classes of the examples that they are of.
   */
  readonly sampleAggregatePosterior: (
    stream: string,
    count: number,
  ) => { readonly codes: Float32Array; readonly labels: ArrayLike<number> | undefined };
  /**
   * Flat examples, [n, values] -> the means of q(z|x), [n, latent size].
   * @param labels the class of each, which a conditional model must be told
   */
  readonly encode: (examples: Float32Array, labels?: ArrayLike<number>) => Float32Array;
  /**
   * Codes, [n, latent size] -> the means of p(x|z) as pictures, [n, ...shape].
   * @param labels the class of each, which a conditional model is told; where none are given, its classes come in turn
   */
  readonly decode: (codes: Float32Array, labels?: ArrayLike<number>) => Images;
}

/** What figures must know of the prior. */
export interface PriorFacts {
  /** Whether it is N(0, I), which is drawn as circles and grids of quantiles. */
  readonly standardNormal: boolean;
  /** "N(0, I)", "VampPrior, 500 components". */
  readonly words: string;
}

/** A family of likelihoods in words. */
export interface LikelihoodWords {
  /** "Gaussian". */
  readonly title: string;
  /** What the decoder's output is to it: "means". */
  readonly output: string;
}

/** The losses of one part of the data, nats per example; one value for each epoch. */
export interface Curves {
  /** The negative ELBO at KL weight 1. */
  readonly loss: readonly number[];
  /** -log p(x|z). */
  readonly reconstruction: readonly number[];
  /** KL(q(z|x) || p(z)). */
  readonly kl: readonly number[];
}

/** How training went; all lists are as long as `epochs`. */
export interface LearningCurves {
  /** From 0, the model before training. */
  readonly epochs: readonly number[];
  /** The training part, and the one that was watched: validation where there is such a part, else test. */
  readonly splits: Readonly<Partial<Record<"train" | "validation" | "test", Curves>>>;
  /** At the epoch's last step. */
  readonly klWeight: readonly number[];
}

/** Posterior means at several epochs. */
export interface Snapshots {
  /** From 0, the model before training. */
  readonly epochs: readonly number[];
  /** Positions in the test part. */
  readonly examples: readonly number[];
  /** [epochs, examples, latent size] */
  readonly means: Float32Array;
}

/** The importance-weighted bound (Burda et al., 2016) at several numbers of samples. */
export interface ImportanceBound {
  /** Rising sample counts, from 1. */
  readonly samples: readonly number[];
  /** The bound on -log p(x) at each count, mean over examples, in nats. */
  readonly bound: readonly number[];
  /** Null where a single example cannot show it. */
  readonly standardError: readonly (number | null)[];
}

/** What each latent dimension carries; both lists are as long as the latent size. */
export interface KlPerDimension {
  /** Mean KL of each latent dimension over the test set, in nats. */
  readonly kl: readonly number[];
  /** Whether the dimension's posterior mean varies with the input. */
  readonly active: readonly boolean[];
}

/** A finished figure. */
export interface Drawn {
  /** Stands above the figure. */
  readonly title: string;
  /** How to read it, with the numbers that matter. */
  readonly caption: string;
  /** What a reader without the picture is told. */
  readonly alt: string;
  /** The drawing (`drawing/svg.ts`). */
  readonly svg: string;
  /** A figure that is made of pictures, without its words: kept as PNG. */
  readonly picture?: Picture;
  /** What each row of a figure of piano rolls sounds like. */
  readonly sounds?: readonly DrawnSound[];
  /** The numbers behind it, to stand below. */
  readonly table?: FigureTable;
}

/** A table whose first column names its rows. */
export interface FigureTable {
  /** What its numbers are. */
  readonly caption: string;
  /** Names of the columns; the first may be empty. */
  readonly columns: readonly string[];
  /** What stands in each row, as it is to be read. */
  readonly rows: readonly (readonly string[])[];
}

/** A row of piano roll that can be listened to. */
export interface DrawnSound {
  /** Which row it is. */
  readonly title: string;
  /** What is played. */
  readonly roll: SungRoll;
  /** Quarter notes a minute. */
  readonly tempo: number;
  /** Its metre and where in the bar it begins, where it is of a piece: generated music has none of its own. */
  readonly bars?: Bars;
}

/** Why a figure that was asked for does not exist for this model, as a sentence. */
export interface NotDrawn {
  /** "The manifold needs two latent dimensions." */
  readonly reason: string;
}
