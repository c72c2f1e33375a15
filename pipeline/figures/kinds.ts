import type { MusicMetrics } from "../artifacts/metrics_json.ts";
import type { MusicInfo } from "../kinds/music/music.ts";
import type { WindowSplit } from "../kinds/music/windows.ts";
import type { RollSet } from "../metrics/music.ts";
import type { GenerationSpec } from "../spec/schema.ts";
import type { FigureData } from "./figure.ts";

/** What figures of pictures are drawn from. */
export interface ImageFigureData<Options = unknown, Study = unknown> extends FigureData<Options, Study> {
  /** The decoded grid of z at each epoch of `snapshots`, where training kept it. */
  readonly manifolds: Manifolds | undefined;
}

export interface Manifolds {
  /** Pictures in a row and in a column of the grid. */
  readonly side: number;
  /** 0 to 255, [snapshots, side, side, ...shape]. */
  readonly levels: Uint8Array;
}

/** What figures of music are drawn from. */
export interface MusicFigureData<Options = unknown, Study = unknown> extends FigureData<Options, Study> {
  readonly music: MusicInfo;
  /** How probabilities of cells become notes. */
  readonly generation: GenerationSpec;
  /** Where each example was cut. */
  readonly windows: WindowSplit;
  readonly metrics: MusicMetrics;
  /** Codes, [n, latent size] -> n rolls. Cells that are drawn at random come from the stream of this name. */
  readonly generate: (codes: Float32Array, stream: string) => RollSet;
}

/** The data of each kind that a figure may be drawn of. */
export interface DataOfKind<Options = unknown, Study = unknown> {
  readonly images: ImageFigureData<Options, Study>;
  readonly music: MusicFigureData<Options, Study>;
}

export type KindName = keyof DataOfKind;
