import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

const options = {
  manifoldSize: z.int().min(2).max(40).default(15).describe("Side of the manifold's grid."),
  manifoldTail: z.number().gt(0).lt(0.5).default(0.05).describe(
    "The grid spans the inverse normal CDF of [tail, 1 - tail].",
  ),
};

/** The figure's options. */
export type ManifoldOptions = Filled<typeof options>;

/** What the decoder makes of a grid in a latent space of two dimensions. */
export const manifold = {
  options,
  of: {
    images: { figure: moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url)) },
  },
  ignoresClasses: true,
} satisfies FigureSpec;
