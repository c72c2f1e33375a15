import type { ModuleUrl } from "../base/module_url.ts";
import type { DatasetInfo } from "../artifacts/dataset.ts";
import type { Drawn, FigureData } from "../figures/figure.ts";
import type { Sound } from "../artifacts/figures_json.ts";
import type { CompiledDecoder } from "../inference/decoder.ts";
import type { ExampleLosses } from "../inference/example_losses.ts";
import type { Subject } from "../inference/subject.ts";
import type { KindReport } from "../report/kind.ts";
import type { DatasetBase } from "./dataset_base.ts";

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

/** Importance-weighted bounds on log p(x) in nats (Burda et al., 2016). */
export interface MeasuredBounds {
  /** How many codes z were drawn for each example. */
  readonly samples: number;
  /** Estimated mean over the test part. */
  readonly logLikelihood: number;
  /** Which test examples were measured. */
  readonly indices: Uint32Array;
  /** The bounds of these. */
  readonly bounds: Float64Array;
}

/** What is measured of a kind of data beside the ELBO: what the evaluate stage loads. */
export interface KindEvaluation {
  /**
   * Measures what only this kind has.
   *
   * @param losses those of all test examples
   * @param stage gives the paths of what preparation wrote: "preprocess/windows.csv"
   * @param importance bounds on log p(x)
   * @returns what `metrics.json` has of this kind alone, under names of its own
   */
  measure(
    subject: Subject,
    losses: ExampleLosses,
    generation: unknown,
    stage: Pick<RenderedStage, "input">,
    importance: MeasuredBounds,
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

/** A decoded example as a file. */
export interface SampledFile {
  /** Without the point: "png". */
  readonly extension: string;
  /** What the file holds. */
  readonly bytes: Uint8Array;
}

/** What is asked for where a melody is given. */
export interface MelodyRequest extends SampleRequest {
  /** What the file holds. */
  readonly melody: Uint8Array;
  /** How errors name it. */
  readonly file: string;
  /** How many times voices are written under it. */
  readonly count: number;
  /** Codes from the prior, [count, latent size], by the seed's stream of this name. */
  samplePrior(stream: string, count: number): Float32Array;
}

/** How decoded examples become files that people open: what `sample` loads. */
export interface KindSampling {
  /** The files of each of the codes, [n, latent size]: of one in several formats where there are more. */
  sampleFiles(decoder: CompiledDecoder, codes: Float32Array, request: SampleRequest): SampledFile[][];
  /**
   * The files of voices that are written under a melody; there is none where data of this kind have no melody.
   *
   * @throws {UserError} where these data have none, or the file holds none that the model knows the pitches of
   */
  melodyFiles?(decoder: CompiledDecoder, request: MelodyRequest): SampledFile[][];
}

/** The spec part of a kind of data: what it is, however its files become examples. */
export interface KindSpec {
  /** How many of each thing figures show. */
  readonly figures: FigureDefaults;
  /** Whether the spec's `generation` is about these data: the cells of a piano roll are drawn, pixels are not. */
  readonly generates: boolean;
  /** Whether values of examples lie between 0 and 1 too; else they are 0 or 1. */
  intensities(dataset: DatasetBase & { readonly binarisation?: string }): boolean;
  /** Whether a grid of decoded codes is a picture of them. */
  readonly manifolds: boolean;
  /** Whether figures of these data sound, so that the report brings a player. */
  readonly sounds: boolean;
  /** Where the code stands that measures what only this kind has. */
  readonly evaluate: ModuleUrl<KindEvaluation>;
  /** Where the code stands that gathers what figures are drawn from. */
  readonly render: ModuleUrl<KindRendering>;
  /** Where the code stands that writes decoded examples as files. */
  readonly sample: ModuleUrl<KindSampling>;
  /** Where the code stands of the report's own sections. */
  readonly report: ModuleUrl<KindReport>;
}
