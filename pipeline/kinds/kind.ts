import type { ModuleUrl } from "../base/module_url.ts";
import type { IsWritten, Problem } from "../base/problem.ts";
import type { Shape } from "../base/shape.ts";
import type { DatasetInfo } from "../artifacts/dataset.ts";
import type { Contents } from "../artifacts/source_json.ts";
import type { Drawn, FigureData } from "../figures/figure.ts";
import type { FigureName } from "../figures/figures.ts";
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
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/** How many of each thing a figure shows where a spec does not say. */
export interface FigureDefaults {
  /** Which figures, in order. */
  readonly show: readonly FigureName[];
  readonly samples: number;
  readonly reconstructions: number;
  readonly interpolationSteps: number;
}

/** The other parts of a spec that a kind's checks look at. */
export interface CheckedSpec<Dataset> {
  readonly dataset: Dataset;
  readonly model: ModelBase;
  readonly training: { readonly earlyStopping?: unknown };
  readonly generation?: unknown;
}

/** What the preprocess stage is told, whatever the kind. */
export interface PrepareSlice {
  readonly dataset: string;
  readonly title: string;
  readonly seed: number;
}

/** How raw files become examples: what the preprocess stage loads. */
export interface KindPreparation<Slice extends PrepareSlice = PrepareSlice> {
  /** @param contents what the download stage delivered */
  prepare(slice: Slice, contents: Contents, read: ReadFile): Promise<Prepared>;
}

/** What is measured of a kind of data beside the ELBO: what the evaluate stage loads. */
export interface KindEvaluation {
  /**
   * @param losses those of all test examples
   * @returns what `metrics.json` has of this kind alone, under names of its own
   */
  measure(subject: Subject, losses: ExampleLosses, generation: unknown): Promise<object>;
}

/** The files of the stage that draws figures. */
export interface RenderedStage {
  /** Names (`stage/path`) of what earlier stages wrote. */
  readonly inputs: readonly string[];
  input(name: string): string;
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
  readonly info: DatasetInfo;
  readonly generation: unknown;
  readonly latentSize: number;
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
  readonly figures: FigureDefaults;
  /** Whether the spec's `generation` is about these data: the cells of a piano roll are drawn, pixels are not. */
  readonly generates: boolean;
  /** Whether figures of these data sound, so that the report brings a player. */
  readonly sounds: boolean;
  /** Where the code of the kind stands, for each stage that loads some of it. */
  readonly prepare: ModuleUrl<KindPreparation<Slice>>;
  readonly evaluate: ModuleUrl<KindEvaluation>;
  readonly render: ModuleUrl<KindRendering>;
  readonly sample: ModuleUrl<KindSampling>;
  readonly report: ModuleUrl<KindReport>;
  /** Settles the defaults that depend on other values or on the facts. */
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
