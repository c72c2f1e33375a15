import type { ModuleUrl } from "../base/module_url.ts";
import type { IsWritten, Problem } from "../base/problem.ts";
import type { Shape } from "../base/shape.ts";
import type { DatasetInfo } from "../artifacts/dataset.ts";
import type { Contents } from "../artifacts/source_json.ts";
import type { Drawn, FigureData } from "../figures/figure.ts";
import type { Sound } from "../artifacts/figures_json.ts";
import type { CompiledDecoder } from "../inference/decoder.ts";
import type { ExampleLosses } from "../inference/example_losses.ts";
import type { Subject } from "../inference/subject.ts";
import type { ModelBase } from "../vae/architectures/architecture.ts";
import type { KindReport } from "../report/kind.ts";
import type { Prepared, ReadFile } from "./prepared.ts";
import type { DatasetBase, FactsBase } from "./dataset_base.ts";

/** Examples in each part. */
export interface PartSizes {
  /** Examples of the training part. */
  readonly train: number;
  /** Examples of the validation part; 0 where there is none. */
  readonly validation: number;
  /** Examples of the test part. */
  readonly test: number;
}

/** How many of each thing a figure shows where a spec does not say. */
export interface FigureDefaults {
  /** Which figures, in order, by their names in `figures/figures.ts`. */
  readonly show: readonly string[];
  /** Decoded draws from the prior. */
  readonly samples: number;
  /** Test examples beside what the model makes of them. */
  readonly reconstructions: number;
  /** Steps between two codes, both ends among them. */
  readonly interpolationSteps: number;
}

/** The other parts of a spec that a kind's checks look at. */
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

/** What the preprocess stage is told, whatever the kind. */
export interface PrepareSlice {
  /** The dataset's name. */
  readonly dataset: string;
  /** The dataset's title, which `dataset.json` repeats. */
  readonly title: string;
  /** The experiment's; 0 where nothing is drawn at random. */
  readonly seed: number;
}

/**
 * How raw files become examples: what the preprocess stage loads.
 *
 * @example
 * ```ts
 * import type { KindPreparation, PartArrays } from "reparam";
 *
 * // Each byte of a file is an example of one value.
 * export const prepare: KindPreparation["prepare"] = async ({ title }, { files: [file] }, read) => {
 *   const images = await read(file!.name);
 *   const part = (from: number, to: number): PartArrays => ({
 *     images: images.subarray(from, to),
 *     labels: new Uint8Array(to - from),
 *   });
 *   const half = images.length >> 1;
 *   return {
 *     about: {
 *       title,
 *       shape: [1, 1],
 *       scale: 1 / 255,
 *       classes: ["byte"],
 *       binarisation: "none",
 *       split: "the first half trains",
 *     },
 *     parts: { train: part(0, half), validation: part(0, 0), test: part(half, images.length) },
 *     contactSheet: { width: 1, height: half, channels: 1, pixels: images.slice(0, half) },
 *     texts: {},
 *     notices: [],
 *   };
 * };
 * ```
 */
export interface KindPreparation<Slice extends PrepareSlice = PrepareSlice> {
  /** Makes examples of files. @param contents what the download stage delivered */
  prepare(slice: Slice, contents: Contents, read: ReadFile): Promise<Prepared>;
}

/** What is measured of a kind of data beside the ELBO: what the evaluate stage loads. */
export interface KindEvaluation {
  /**
   * Measures what only this kind has.
   *
   * @param losses those of all test examples
   * @param stage gives the paths of what preparation wrote: "preprocess/windows.csv"
   * @returns what `metrics.json` has of this kind alone, under names of its own
   */
  measure(
    subject: Subject,
    losses: ExampleLosses,
    generation: unknown,
    stage: Pick<RenderedStage, "input">,
  ): Promise<object>;
}

/** The files of the stage that draws figures. */
export interface RenderedStage {
  /** Names (`stage/path`) of what earlier stages wrote. */
  readonly inputs: readonly string[];
  /** The path of an input, by its name. */
  input(name: string): string;
  /** The path to write an output to. */
  output(path: string): string;
}

/** What figures of a kind of data are drawn from, and what they sound like: what the render stage loads. */
export interface KindRendering {
  /** Adds to the data of all kinds what there is of this one alone. */
  figureData(
    stage: RenderedStage,
    common: FigureData,
    decoder: CompiledDecoder,
    generation: unknown,
  ): Promise<FigureData>;
  /**
   * Writes what a figure sounds like, and says so; undefined where data of this kind make no sound.
   * @param data as `figureData` gave them
   */
  writeSounds(
    stage: RenderedStage,
    figure: string,
    drawn: Drawn,
    data: FigureData,
  ): Promise<Sound[] | undefined>;
}

/** What `deno task sample` is asked for, once z is drawn. */
export interface SampleRequest {
  /** What `dataset.json` says. */
  readonly info: DatasetInfo;
  /** How cells become notes, where the kind asks for it. */
  readonly generation: unknown;
  /** Dimensions of z. */
  readonly latentSize: number;
  /** The experiment's. */
  readonly seed: number;
  /** The class that the codes come from; undefined for the whole prior. */
  readonly label: number | undefined;
  /** The title of a sample, by its number from 0. */
  titleOf(index: number): string;
}

/** How decoded examples become files that people open: what `sample` loads. */
export interface KindSampling {
  /** Without the point: "png". */
  readonly extension: string;
  /** A file for each of the codes, [n, latent size]. */
  sampleFiles(decoder: CompiledDecoder, codes: Float32Array, request: SampleRequest): Uint8Array[];
}

/**
 * The spec part of a kind of data.
 *
 * `Written` is the dataset's part of a spec before the defaults that depend on other values are settled, `Filled`
 * after it.
 */
export interface KindSpec<
  Written extends DatasetBase = DatasetBase,
  Filled extends DatasetBase = DatasetBase,
  Facts extends FactsBase = FactsBase,
  Slice extends PrepareSlice = PrepareSlice,
> {
  /** How many of each thing figures show. */
  readonly figures: FigureDefaults;
  /** Whether the spec's `generation` is about these data: the cells of a piano roll are drawn, pixels are not. */
  readonly generates: boolean;
  /** Whether figures of these data sound, so that the report brings a player. */
  readonly sounds: boolean;
  /** Where the code stands that makes examples of raw files. */
  readonly prepare: ModuleUrl<KindPreparation<Slice>>;
  /** Where the code stands that measures what only this kind has. */
  readonly evaluate: ModuleUrl<KindEvaluation>;
  /** Where the code stands that gathers what figures are drawn from. */
  readonly render: ModuleUrl<KindRendering>;
  /** Where the code stands that writes decoded examples as files. */
  readonly sample: ModuleUrl<KindSampling>;
  /** Where the code stands of the report's own sections. */
  readonly report: ModuleUrl<KindReport>;
  /** Settles the defaults that depend on other values. */
  fillDefaults(dataset: Written, facts: Facts): Filled;
  /** The shape of one example: [height, width], [height, width, channels] or [steps, columns]. */
  exampleShape(dataset: Written | Filled, facts: Facts): Shape;
  /** Parts that lie side by side in each row of an example and are channels to a convolution. */
  channels(dataset: Written | Filled): number;
  /** How many examples each part will have; undefined where the files have to be read first. */
  partSizes(dataset: Filled, facts: Facts): PartSizes | undefined;
  /** What is impossible in the dataset's part, and in the others because of it. */
  problems(spec: CheckedSpec<Filled>, facts: Facts, isWritten: IsWritten): Problem[];
  /** What preparation depends on, and nothing else. */
  prepareSlice(dataset: Filled, facts: Facts, title: string, seed: number): Slice;
}
