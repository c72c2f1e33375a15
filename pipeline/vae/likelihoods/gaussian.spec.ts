import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LikelihoodSpec } from "./likelihood.ts";

const schema = z.strictObject({
  family: z.literal("gaussian"),
  standardDeviation: z.union([z.number().positive(), z.literal("learned")]).default("learned").describe(
    "A fixed number, or one learned scalar shared by all dimensions.",
  ),
});

/** A Gaussian likelihood, as a spec says it. */
export type GaussianSpec = z.output<typeof schema>;

/** Values that are real numbers, with one standard deviation for all. */
export const gaussian = {
  schema,
  module: moduleUrl<typeof import("./gaussian.ts")>(new URL("./gaussian.ts", import.meta.url)),
  title: "Gaussian",
  output: "means",
  binary: false,
  exponentialFamily: true,
  words: ({ standardDeviation }) =>
    standardDeviation === "learned" ? "Gaussian, σ learned" : `Gaussian, σ = ${standardDeviation}`,
} satisfies LikelihoodSpec<GaussianSpec>;
