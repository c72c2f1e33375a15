import { images } from "./images/kind.ts";
import type { KindSpec } from "./kind.ts";
import { music } from "./music/kind.ts";

/** The kinds of data that a dataset can be of. */
export const KINDS: Readonly<Record<KindName, KindSpec>> = {
  images,
  music,
};

/** The name of a kind of data. */
export type KindName = "images" | "music";
