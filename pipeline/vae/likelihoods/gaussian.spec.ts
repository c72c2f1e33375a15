import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LikelihoodSpec } from "./likelihood.ts";
import { outputsOf } from "./scale_choice.ts";

const schema = z.strictObject({
  family: z.literal("gaussian"),
  standardDeviation: z.union([z.number().positive(), z.literal(["learned", "per-value", "decoder"])])
    .default("learned").describe(
      "A fixed number, one learned scalar shared by all dimensions, one learned number for each, or the decoder's " +
        "for each dimension of each example. The last two keep above 0.004, about a level of 8-bit data.",
    ),
});

/** A Gaussian likelihood, as a spec says it. */
export type GaussianSpec = z.output<typeof schema>;

const DEVIATIONS: Readonly<Record<string, string>> = {
  learned: "σ learned",
  "per-value": "σ learned for each value",
  decoder: "σ from the decoder",
};

/** Values that are real numbers. */
export const gaussian = {
  schema,
  module: moduleUrl<typeof import("./gaussian.ts")>(new URL("./gaussian.ts", import.meta.url)),
  title: "Gaussian",
  binary: false,
  density: true,
  traits: ({ standardDeviation }) => ({
    output: standardDeviation === "decoder" ? "means, deviations" : "means",
    outputsPerValue: outputsOf(standardDeviation),
    // Otherwise the terms of a value depend on where it stands.
    exponentialFamily: typeof standardDeviation === "number" || standardDeviation === "learned",
  }),
  words: ({ standardDeviation }) =>
    `Gaussian, ${DEVIATIONS[standardDeviation] ?? `σ = ${standardDeviation}`}`,
} satisfies LikelihoodSpec<GaussianSpec>;
