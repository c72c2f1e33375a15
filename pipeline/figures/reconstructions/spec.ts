import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

const options = {
  reconstructions: z.int().min(1).max(40).optional().describe(
    "Test examples shown beside their reconstructions. Default: 10 images, or 3 pieces of music, or all where the test part has fewer.",
  ),
};

/** The figure's options, with every default filled in. */
export type ReconstructionsOptions = Filled<typeof options>;

/** Test examples beside what the decoder makes of their codes. */
export const reconstructions = {
  options,
  of: {
    images: { figure: moduleUrl<typeof import("./images.ts")>(new URL("./images.ts", import.meta.url)) },
    music: { figure: moduleUrl<typeof import("./rolls.ts")>(new URL("./rolls.ts", import.meta.url)) },
  },
  testExamples: ({ reconstructions }: ReconstructionsOptions) => ({ reconstructions }),
} satisfies FigureSpec;
