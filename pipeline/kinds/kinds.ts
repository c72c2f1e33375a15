import { images } from "./images/kind.ts";
import type { ImageFacts } from "./images/schema.ts";
import type { KindSpec } from "./kind.ts";
import { music } from "./music/kind.ts";
import type { MusicFacts } from "./music/schema.ts";

/** The kinds of data that a dataset can be of. */
export const KINDS = { images, music } satisfies Record<string, unknown>;

/** A kind's name. */
export type KindName = keyof typeof KINDS;

/** What a dataset of each kind says of itself. */
export interface KindFacts {
  readonly images: ImageFacts;
  readonly music: MusicFacts;
}

/** The kind of that name. */
export function kindNamed(name: KindName): KindSpec {
  return KINDS[name] as unknown as KindSpec;
}
