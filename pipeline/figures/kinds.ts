import type { MusicMetrics } from "../artifacts/music_metrics.ts";
import type { MetreOnGrid } from "../formats/bars.ts";
import type { Part } from "../artifacts/dataset.ts";
import type { RollFormat } from "../formats/piano_roll.ts";
import type { VoiceFormat } from "../formats/voice_symbols.ts";
import type { Voices } from "../formats/voices.ts";
import type { RollSet } from "../metrics/music.ts";
import type { FigureData } from "./figure.ts";

/** What figures of pictures are drawn from. */
export interface ImageFigureData<Options = unknown, Study = unknown> extends FigureData<Options, Study> {
  /** The decoded grid of z at each epoch of `snapshots`, where training kept it. */
  readonly manifolds: Manifolds | undefined;
}

/** Decoded grids of z. */
export interface Manifolds {
  /** Pictures in a row and in a column of the grid. */
  readonly side: number;
  /** 0 to 255, [snapshots, side, side, ...shape]. */
  readonly levels: Uint8Array;
}

/** What figures of music are drawn from. */
export interface MusicFigureData<Options = unknown, Study = unknown> extends FigureData<Options, Study> {
  /** What all windows have in common. */
  readonly music: Music;
  /** How cells become notes. */
  readonly generation: NoteChoice;
  /** Where each example was cut. */
  readonly windows: Readonly<Record<"train" | "test", readonly Cut[]>>;
  /** What was measured of notes, in test and generated windows. */
  readonly metrics: MusicMetrics;
  /** Quarter notes a minute of the median piece of a class, or of all. */
  readonly tempoOf: (label?: number) => number;
  /** The examples of a part, or those at `indices`, as rolls. */
  readonly rolls: (part: Part, indices?: ArrayLike<number>) => RollSet;
  /**
   * Codes, [n, latent size] -> n rolls. Cells that are drawn at random come from the stream of this name.
   * @param labels as for `decode`
   */
  readonly generate: (codes: Float32Array, stream: string, labels?: ArrayLike<number>) => RollSet;
  /**
   * Writes the lower voices under the highest one, which is given; undefined where voices are not told apart. What is
   * drawn at random comes from the stream of this name.
   */
  readonly harmonise: ((melody: Voices, stream: string) => Harmonisation) | undefined;
}

/** Voices that were written under a melody. */
export interface Harmonisation {
  /** The melody and the voices under it. */
  readonly voices: Voices;
  /** -log p(melody | z) in nats: the mean over codes of the prior, and under the code that was found. */
  readonly melodyNll: { readonly prior: number; readonly found: number };
}

/** What all examples of a dataset of music have in common, and the pieces that they were cut from. */
export interface Music {
  /** What a step and a column of a roll mean. */
  readonly format: RollFormat;
  /** How examples are written by voice; absent where they are piano rolls. */
  readonly voices?: VoiceFormat;
  /** Steps of a window. */
  readonly length: number;
  /** Steps in a bar of the commonest metre, which generated music is drawn in. */
  readonly stepsPerBar: number;
  /** Those that windows were cut from. */
  readonly pieces: readonly {
    /** The file's, with the folder of its class. */
    readonly name: string;
    /** Quarter notes a minute. */
    readonly tempo: number;
    /** Its metres, the first from step 0 on. */
    readonly metres: readonly MetreOnGrid[];
  }[];
}

/** A window of a piece. */
export interface Cut {
  /** Its place in `pieces`. */
  readonly piece: number;
  /** Its first step in the piece. */
  readonly start: number;
  /** How many semitones higher it was moved. */
  readonly semitones: number;
}

/** How probabilities of cells became notes. */
export interface NoteChoice {
  /** Whether a cell is on above a threshold, or drawn by its probability. */
  readonly cells: "threshold" | "sample";
  /** In (0, 1). */
  readonly threshold: number;
  /** Sounding cells as a multiple of the training windows' mean, whatever the threshold. */
  readonly density?: number | undefined;
  /** Only the most probable pitch of each step. */
  readonly monophonic: boolean;
  /** What log-probabilities of voices' symbols are divided by. Default: 1. */
  readonly temperature?: number | undefined;
  /** Share of the probability that the symbols have together which are drawn. Default: 1. */
  readonly topP?: number | undefined;
  /** Whether voices keep to textbooks' ranges. Default: free. */
  readonly ranges?: "free" | "satb" | undefined;
  /** Whether a voice may sing below one that is written under it. Default: true. */
  readonly crossing?: boolean | undefined;
  /** Whether voices may go in parallel fifths and octaves. Default: true. */
  readonly parallels?: boolean | undefined;
  /** What may sound together. Default: free. */
  readonly chords?: "free" | "consonant" | "tertian" | undefined;
}

/** The data of each kind that a figure may be drawn of. */
export interface DataOfKind<Options = unknown, Study = unknown> {
  /** Pictures. */
  readonly images: ImageFigureData<Options, Study>;
  /** Piano rolls. */
  readonly music: MusicFigureData<Options, Study>;
}

/** The kinds of data that figures are drawn of. */
export type FigureKind = keyof DataOfKind;
