import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec } from "../figure_spec.ts";
import { priorSamples } from "../prior_samples/spec.ts";

/** What the decoder makes of codes from where training examples lie, which the prior may not be near to. */
export const posteriorSamples = {
  options: priorSamples.options,
  of: {
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
} satisfies FigureSpec;
