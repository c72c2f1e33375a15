import type { Measure, WithMetrics } from "../report/compare/measures.ts";
import { MUSIC_MEASURES } from "./music/measures.ts";
import type { KindName } from "./kinds.ts";

/** What runs on each kind of data are compared in beyond what all runs are. */
export const KIND_MEASURES: Readonly<Record<KindName, readonly Measure<WithMetrics>[]>> = {
  images: [],
  music: MUSIC_MEASURES,
};
