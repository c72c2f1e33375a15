import type { DatasetInfo, Part } from "../../artifacts/dataset.ts";
import type { MusicInfo } from "../../kinds/music/music.ts";
import type { PianoRoll } from "../../kinds/music/piano_roll.ts";
import type { WindowSplit } from "../../kinds/music/windows.ts";
import type { Images } from "../../figures/image.ts";
import type { ImportanceBoundData } from "../../figures/importance_bound.ts";
import type { KlPerDimensionData } from "../../figures/kl_per_dimension.ts";
import type { LearningCurvesData } from "../../figures/learning_curves.ts";
import type { Picture } from "../../formats/png.ts";
import type { Moments } from "../../metrics/latent.ts";
import type { Experiment, GenerationSpec } from "../../spec/schema.ts";
import type { LayerShape } from "../../vae/architectures/architecture.ts";
import type { Decoder } from "../../inference/decoder.ts";
import type { MusicMetrics } from "../../artifacts/metrics_json.ts";
import type { StudyMetrics } from "../studies/studies.ts";

/** The part of a spec that can change a figure. */
export interface RenderSlice {
  readonly model: Experiment["model"];
  readonly figures: Experiment["figures"];
  readonly seed: number;
  readonly engine: string;
  readonly generation?: Experiment["generation"];
}

/** Everything that figures are drawn from. */
export interface RenderData {
  readonly slice: RenderSlice;
  readonly info: DatasetInfo;
  readonly train: Part;
  readonly test: Part;
  readonly curves: LearningCurvesData;
  readonly snapshots: Snapshots;
  /** [test examples, latent size]: posterior means after training. */
  readonly means: Float32Array;
  /** Negative ELBO of each test example, in nats. */
  readonly losses: Float64Array;
  readonly importance: ImportanceBoundData;
  readonly kl: KlPerDimensionData;
  decode(codes: Float32Array): Images;
  readonly decoder: Decoder;
  readonly layers: readonly LayerShape[];
  /** Of the training examples' posteriors, by label; undefined for a class without any. */
  readonly regions: readonly (Moments | undefined)[];
  readonly music: MusicData | undefined;
  /** Where the spec asks for their figures. */
  readonly studies: Studies;
  /** The decoded grid of z at each epoch of `snapshots`, where training kept it. */
  readonly manifolds: Manifolds | undefined;
}

/** What the evaluation measured of a study, and the pictures that it kept. */
export type Studies = {
  readonly [Name in keyof StudyMetrics]: {
    readonly metrics: NonNullable<StudyMetrics[Name]>;
    readonly pictures: StudyPictures;
  };
};

export interface StudyPictures {
  readonly rows: number;
  /** Images in each row. */
  readonly columns: number;
  readonly values: Float32Array;
}

export interface Manifolds {
  /** Images in a row and in a column of the grid. */
  readonly side: number;
  /** [snapshots, side, side, height, width], 0 to 255. */
  readonly values: Uint8Array;
}

/** What figures of music need beyond that. */
export interface MusicData {
  readonly info: MusicInfo;
  readonly generation: GenerationSpec;
  readonly windows: WindowSplit;
  readonly metrics: MusicMetrics;
}

/** Posterior means at several epochs. */
export interface Snapshots {
  readonly epochs: readonly number[];
  /** Positions in the test part. */
  readonly examples: readonly number[];
  /** [epochs, examples, latent size] */
  readonly means: Float32Array;
}

/** A finished figure. */
export interface Drawn {
  readonly title: string;
  readonly caption: string;
  readonly alt: string;
  readonly svg: string;
  /** For figures that are pictures of images. */
  readonly picture?: Picture;
  /** For figures of piano rolls: what each row sounds like. */
  readonly sounds?: readonly DrawnSound[];
}

export interface DrawnSound {
  readonly title: string;
  readonly roll: PianoRoll;
  /** Quarter notes a minute. */
  readonly tempo: number;
}

/** Why a figure that was asked for does not exist for this model. */
export interface NotDrawn {
  readonly reason: string;
}

export type Draw = (data: RenderData) => Drawn | NotDrawn;
