import { images } from "./images/kind.ts";
import type { ImageFacts } from "./images/schema.ts";
import type { KindSpec } from "./kind.ts";
import { music } from "./music/kind.ts";
import type { MusicFacts } from "./music/schema.ts";

/** The kinds of data that a dataset can be of. */
export const KINDS: Readonly<Record<KindName, KindSpec>> = {
  images,
  music,
};

/** What a dataset of each kind says of itself. */
export interface FactsOfKind {
  /** Pictures. */
  readonly images: ImageFacts;
  /** Pieces of music. */
  readonly music: MusicFacts;
}

/** The name of a kind of data. */
export type KindName = keyof FactsOfKind;
