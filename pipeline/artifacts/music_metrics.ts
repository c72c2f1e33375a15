import type { MusicDistances, MusicStatistics } from "../metrics/music.ts";
import type { NoteScores } from "../metrics/music_notes.ts";
import type { EvaluationMetrics } from "./metrics_json.ts";

/** What is measured of piano rolls alone: `music` in `metrics.json`. */
export interface MusicMetrics {
  /** How test windows were held out, and how much of them training saw. */
  readonly split: {
    readonly method: "pieces" | "stretches" | "windows";
    /** Mean share of a test window's steps that also lie in a training window of its piece. */
    readonly mean: number;
    /** Share of test windows more than half of which lies in training windows. */
    readonly mostlySeen: number;
  };
  /** Nats per step, over all test windows: of the model at one sample of z, and of two baselines. */
  readonly frameNll: {
    readonly model: number;
    readonly previousFrame: number;
    readonly pitchFrequencies: number;
  };
  /** Test windows and their reconstructions that the rest is measured on; at most as many samples. */
  readonly rolls: number;
  readonly trainingRolls: number;
  /** Notes of reconstructions against those of test windows. */
  readonly reconstruction: NoteScores;
  readonly statistics: Readonly<Record<"train" | "test" | "reconstructions" | "samples", StatisticsMetrics>>;
  /** Distances of test windows and of samples to training windows, and of reconstructions to test windows. */
  readonly distances: Readonly<Record<"test" | "reconstructions" | "samples", MusicDistances>>;
  /** How much samples repeat training windows and, to compare, how much test windows do. */
  readonly copies: Readonly<Record<"samples" | "test", CopyMetrics>>;
}

/** Histograms without zeros at the end. */
export type StatisticsMetrics = {
  readonly [Name in keyof MusicStatistics]: MusicStatistics[Name] extends Float64Array ? readonly number[]
    : MusicStatistics[Name];
};

/** How near a set of rolls comes to the training windows. */
export interface CopyMetrics {
  /** Share that is a copy of its nearest training window: a dissimilarity of 0.1 at most. */
  readonly rate: number;
  /** Mean dissimilarity to the nearest training window: 0 equal, 1 nothing in common. */
  readonly meanDissimilarity: number;
}

/** Undefined where the data are no music. */
export function musicMetrics(
  metrics: EvaluationMetrics & { readonly music?: MusicMetrics },
): MusicMetrics | undefined {
  return metrics.music;
}
