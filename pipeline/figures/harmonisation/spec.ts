import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";

/** The lower voices that a model writes under melodies of pieces that it never saw. */
export const harmonisation = {
  of: {
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
} satisfies FigureSpec;
