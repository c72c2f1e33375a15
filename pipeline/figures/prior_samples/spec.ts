import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

const options = {
  samples: z.int().min(1).max(400).optional().describe(
    "Number of prior samples. Default: 64 images, or 6 pieces of music.",
  ),
};

/** The figure's options, with every default filled in. */
export type PriorSamplesOptions = Filled<typeof options>;

/** What the decoder makes of codes drawn from the prior, beside the nearest training examples. */
export const priorSamples = {
  options,
  of: {
    images: { figure: moduleUrl<typeof import("./images.ts")>(new URL("./images.ts", import.meta.url)) },
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
} satisfies FigureSpec;
