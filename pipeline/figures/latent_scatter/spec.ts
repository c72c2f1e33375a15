import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { FigureSpec, Filled } from "../figure_spec.ts";

/** Options of all figures that show codes as points. */
export const scatterOptions = {
  scatterPoints: z.int().min(1).max(10000).optional().describe(
    "Test examples shown in latent scatters. Default: 4000, or all where the test part has fewer.",
  ),
};

/** The options of all figures that show codes as points, filled in. */
export type ScatterOptions = Filled<typeof scatterOptions>;

const figure = moduleUrl<typeof import("./figure.ts")>(new URL("./figure.ts", import.meta.url));

/** Posterior means of test examples in a plane, coloured by class. */
export const latentScatter = {
  options: scatterOptions,
  of: { images: { figure }, music: { figure } },
  testExamples: ({ scatterPoints }: ScatterOptions) => ({ scatterPoints }),
} satisfies FigureSpec;
