import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

/** Pitches, voices, onsets and lengths of notes in data, reconstructions and samples. */
export const musicStatistics = {
  of: {
    music: { figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)) },
  },
} satisfies FigureSpec;
