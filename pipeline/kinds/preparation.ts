import type { Contents } from "../artifacts/source_json.ts";
import type { PartName, Values } from "../artifacts/dataset.ts";
import type { ExampleArray } from "../artifacts/part_writer.ts";
import type { ModuleUrl } from "../base/module_url.ts";
import type { IsWritten, Problem } from "../base/problem.ts";
import type { Progress } from "../base/progress.ts";
import type { Shape } from "../base/shape.ts";
import type { ModelBase } from "../vae/architectures/architecture.ts";
import type { ExampleTrait } from "../vae/likelihoods/likelihood.ts";
import type { DatasetBase } from "./dataset_base.ts";
import type { OwnDatasetModule } from "./own_dataset.ts";
import type { Prepared } from "./prepared.ts";

/** Examples in each part. */
export interface PartSizes {
  /** Examples of the training part. */
  readonly train: number;
  /** Examples of the validation part; 0 where there is none. */
  readonly validation: number;
  /** Examples of the test part. */
  readonly test: number;
}

/** The other parts of a spec that the checks of a preparation look at. */
export interface CheckedSpec<Dataset> {
  /** After its defaults are filled in. */
  readonly dataset: Dataset;
  /** The model that is to be trained on it. */
  readonly model: ModelBase;
  /** Whether training may stop early, which needs a validation part. */
  readonly training: { readonly earlyStopping?: unknown };
  /** How cells become notes, where the kind asks for it. */
  readonly generation?: unknown;
}

/** What the preprocess stage is told, however files become examples. */
export interface PrepareSlice {
  /** The dataset's name. */
  readonly dataset: string;
  /** The dataset's title, which `dataset.json` repeats. */
  readonly title: string;
  /** The experiment's; 0 where nothing is drawn at random. */
  readonly seed: number;
}

/** Takes the examples of a part, one after another. */
export interface ExampleSink {
  /**
   * Adds examples behind those that are there.
   *
   * @param values of one or several examples, [labels.length, ...shape]
   */
  add(values: Values, labels: Uint8Array): void;
}

/** What a preparation is given: the files that the download left, and places for what it makes of them. */
export interface Preparing {
  /** What the download stage delivered. */
  readonly contents: Contents;
  /** Bytes of memory that the machine has. No result may depend on it. */
  readonly memoryBytes: number;
  /** Reads one of the dataset's files, by its own name. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Where one of the dataset's files lies, for who reads it piece by piece. */
  path(name: string): string;
  /** Loads the module of the user's that the dataset names. */
  loadOwn(): Promise<OwnDatasetModule>;
  /** Opens the arrays of a part, once each. A part that is not opened is empty. */
  part(name: PartName, array: ExampleArray): ExampleSink;
  /** Tells how far it has come. */
  progress(event: Progress): void;
  /** Called between two pieces of work, so that an interruption is heard. */
  pause(): Promise<void>;
}

/**
 * How raw files become examples: what the preprocess stage loads.
 *
 * @example
 * ```ts
 * import type { PreparationModule } from "reparam";
 *
 * // Each byte of a file is an example of one value.
 * export const prepare: PreparationModule["prepare"] = async ({ title }, stage) => {
 *   const [file] = stage.contents.files;
 *   const images = await stage.read(file!.name);
 *   const half = images.length >> 1;
 *   for (const [name, from, to] of [["train", 0, half], ["test", half, images.length]] as const) {
 *     const part = stage.part(name, { shape: [1, 1], type: "uint8" });
 *     part.add(images.subarray(from, to), new Uint8Array(to - from));
 *   }
 *   return {
 *     about: {
 *       title,
 *       shape: [1, 1],
 *       scale: 1 / 255,
 *       classes: ["byte"],
 *       binarisation: "none",
 *       split: "the first half trains",
 *     },
 *     contactSheet: { width: 1, height: half, channels: 1, pixels: images.slice(0, half) },
 *     texts: {},
 *     notices: [],
 *   };
 * };
 * ```
 */
export interface PreparationModule<Slice extends PrepareSlice = PrepareSlice> {
  /** Makes examples of files. */
  prepare(slice: Slice, stage: Preparing): Promise<Prepared>;
}

/**
 * The spec part of a way to make examples of files.
 *
 * `Written` is the dataset's part of a spec before the defaults that depend on other values are settled, `Filled`
 * after it.
 */
export interface PreparationSpec<
  Written extends DatasetBase = DatasetBase,
  Filled extends DatasetBase = DatasetBase,
  Slice extends PrepareSlice = PrepareSlice,
> {
  /** Where the code stands. */
  readonly module: ModuleUrl<PreparationModule<Slice>>;
  /** Settles the defaults that depend on other values. */
  fillDefaults(dataset: Written): Filled;
  /** Names of the labels, by label; undefined where the files alone tell. */
  classes(dataset: Written | Filled): readonly string[] | undefined;
  /** The shape of one example: [height, width], [height, width, channels] or [steps, columns]. */
  exampleShape(dataset: Written | Filled): Shape;
  /** What its examples are beyond numbers in [0, 1]; default: nothing. */
  offers?(dataset: Filled): readonly ExampleTrait[];
  /** Parts that lie side by side in each row of an example and are channels to a convolution. */
  channels(dataset: Written | Filled): number;
  /** How many examples each part will have; undefined where the files have to be read first. */
  partSizes(dataset: Filled): PartSizes | undefined;
  /** What is impossible in the dataset's part, and in the others because of it. */
  problems(spec: CheckedSpec<Filled>, isWritten: IsWritten): Problem[];
  /** What preparation depends on, and nothing else. */
  prepareSlice(dataset: Filled, title: string, seed: number): Slice;
}
