import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

const options = {
  interpolation: z.strictObject({
    from: z.int().min(0).optional().describe(
      "Class of the first example. Default: 1 for images, 0 for music.",
    ),
    to: z.int().min(0).optional().describe(
      "Class of the second example. Default: 7 for images, the last class for music.",
    ),
    steps: z.int().min(3).max(25).optional().describe(
      "Points on the way, both ends among them. Default: 9 for images, 5 for music.",
    ),
  }).prefault({}),
};

/** The figure's options, with every default filled in. */
export type InterpolationOptions = Filled<typeof options>;

/** Decoded points on the line between the codes of two test examples. */
export const interpolation = {
  options,
  of: {
    images: { figure: moduleUrl<typeof import("./images.ts")>(new URL("./images.ts", import.meta.url)) },
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
  problems: ({ interpolation }: InterpolationOptions, { classes }) =>
    (["from", "to"] as const).flatMap((end) =>
      classes && interpolation[end] >= classes.length
        ? [{
          path: ["figures", "interpolation", end],
          message: `There is no class ${interpolation[end]} to interpolate ${end}`,
          notes: [`Allowed: 0 to ${classes.length - 1}.`],
        }]
        : []
    ),
  ignoresClasses: true,
} satisfies FigureSpec;
