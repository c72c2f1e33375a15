import type { MusicDistances } from "../metrics/music.ts";
import type { VoiceRange } from "../metrics/voices/leading.ts";
import type { VoiceDistances, VoiceStatistics } from "../metrics/voices/statistics.ts";
import type { PrecisionRecall } from "../metrics/music_notes.ts";
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
  /**
   * Nats per step, over all test windows. That of the model is a bound, its negative ELBO at one sample of z: what the
   * code costs belongs to it. Those of two baselines are exact.
   */
  readonly frameNll: {
    /**
     * Whether examples are what each voice does at a step. Then `previousFrame` is that of a Markov chain of each voice,
     * and `pitchFrequencies` that of how often each voice does what.
     */
    readonly byVoice?: boolean;
    /** `reconstruction` + `kl` */
    readonly model: number;
    readonly reconstruction: number;
    readonly kl: number;
    /**
     * The importance-weighted bound (Burda et al., 2016), the tightest that was measured. Its standard error is that of
     * another draw of as many test examples as were measured.
     */
    readonly importance?: {
      readonly model: number;
      readonly standardError: number | null;
      /** How many codes z were drawn for each example. */
      readonly samples: number;
      /** Test examples that were measured. */
      readonly examples: number;
    };
    readonly previousFrame: number;
    readonly pitchFrequencies: number;
  };
  /** Test windows and their reconstructions that the rest is measured on; at most as many samples. */
  readonly rolls: number;
  /** Training windows that statistics are taken of and baselines fitted to, drawn at random. */
  readonly trainingRolls: number;
  /** Onsets and whole notes of reconstructions against those of test windows. */
  readonly reconstruction: { readonly onsets: PrecisionRecall; readonly notes: PrecisionRecall };
  /** What rolls are like, by where they come from. */
  readonly statistics: Readonly<Record<"train" | "test" | "reconstructions" | "samples", StatisticsMetrics>>;
  /**
   * Distances of test windows and of samples to training windows, and of reconstructions to test windows. Where training
   * windows are transposed, so are test windows that are compared with them.
   */
  readonly distances: Readonly<Record<"test" | "reconstructions" | "samples", MusicDistances>>;
  /** What is measured of voices, where they are told apart. */
  readonly voices?: VoiceMetrics;
  /** How much samples repeat passages of the training music and, to compare, how much test windows do. */
  readonly copies: Readonly<Record<"samples" | "test", CopyMetrics>>;
}

/** Where music by voices comes from: from a model, but for `test` and `chain`. */
export type VoiceSource = "test" | "prior" | "posterior" | "chain";

/** What is measured of music by voices. */
export interface VoiceMetrics {
  /** What the voices are called, the highest first. */
  readonly names: readonly string[];
  /** The lowest and the highest pitch that each voice is meant to sing, as MIDI numbers. */
  readonly ranges: readonly VoiceRange[];
  /**
   * - test: windows of pieces that training never saw; what is held against it is the distance to training windows
   * - prior: decoded from z of the prior
   * - posterior: decoded from z of the aggregate posterior, the mean of the posteriors of training windows
   * - chain: by a Markov chain of chords that is fitted to training windows
   */
  readonly sets: Readonly<Record<VoiceSource, VoiceSetMetrics>>;
}

/** What a set of music by voices is like. */
export interface VoiceSetMetrics extends VoiceStatistics {
  /** Pieces of the test part, whose windows belong together; generated windows each by itself. */
  readonly pieces: number;
  /** To the windows of the test part; those of the test to training windows. */
  readonly distances: VoiceDistances;
  /** How much it repeats passages of the training music. */
  readonly copies: CopyMetrics;
}

/** What a set of rolls is like; histograms are shares, without zeros at the end. */
export interface StatisticsMetrics {
  /** Sounding time of each pitch class, C first. */
  readonly pitchClasses: readonly number[];
  /** Steps by how many pitches sound in them. */
  readonly polyphony: readonly number[];
  /**
   * Onsets by metre and step of the bar, as a share of all. Each roll is put into the metre and at the place of the bar
   * where training music makes its onsets most likely, also those whose bars are known.
   */
  readonly groove: readonly { readonly metre: string; readonly onsets: readonly number[] }[];
  /** Notes by their length in steps. */
  readonly durations: readonly number[];
  /** Pitches that sound in a step. */
  readonly meanPolyphony: number;
  /** Pitches that sound in the first step of a roll. */
  readonly firstPolyphony: number;
  /** In steps; null without notes. */
  readonly meanDuration: number | null;
  /** Notes that begin in as many steps as the commonest metre has in a bar. */
  readonly notesPerBar: number;
  /** Share of such bars in which nothing sounds; null without a whole one. */
  readonly emptyBars: number | null;
}

/** How near a set of rolls comes to passages of the training music, wherever they begin and in whatever key. */
export interface CopyMetrics {
  /** Share that is a copy of its nearest passage: a dissimilarity of 0.1 at most. */
  readonly rate: number;
  /** Mean dissimilarity to the nearest passage: 0 equal, 1 nothing in common. */
  readonly meanDissimilarity: number;
}

/** What `metrics.json` says of music; undefined where the data are none. */
export function musicMetrics(
  metrics: EvaluationMetrics & { readonly music?: MusicMetrics },
): MusicMetrics | undefined {
  return metrics.music;
}
