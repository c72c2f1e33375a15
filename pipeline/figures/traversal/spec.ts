import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

const options = {
  traversal: z.strictObject({
    dimensions: z.int().min(1).max(64).default(8).describe(
      "The most latent dimensions that are traversed, those with the largest KL first.",
    ),
    steps: z.int().min(3).max(25).default(9).describe("Pictures of each dimension, both ends among them."),
  }).prefault({}),
};

/** The figure's options, with every default filled in. */
export type TraversalOptions = Filled<typeof options>;

/** What becomes of a picture while one latent dimension changes and all others stay (Higgins et al., 2017). */
export const traversal = {
  options,
  of: {
    images: { figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)) },
  },
} satisfies FigureSpec;
