import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LikelihoodSpec } from "./likelihood.ts";
import { outputsOf } from "./scale_choice.ts";

const schema = z.strictObject({
  family: z.literal("discretised-logistic"),
  scale: z.union([z.number().positive(), z.literal(["learned", "decoder"])]).default("learned").describe(
    "A fixed number, one learned scalar for all values, or the decoder's for each value. Values are from 0 to 1.",
  ),
}).describe("Probabilities of the 256 levels of 8-bit data (Kingma et al., 2016; Salimans et al., 2017).");

/** A discretised logistic likelihood, as a spec says it. */
export type DiscretisedLogisticSpec = z.output<typeof schema>;

/** Values that are levels of 8 bits: what a logistic distribution has within half a level of each. */
export const discretisedLogistic = {
  schema,
  module: moduleUrl<typeof import("./discretised_logistic.ts")>(
    new URL("./discretised_logistic.ts", import.meta.url),
  ),
  title: "Discretised logistic",
  binary: false,
  asks: "levels",
  density: false,
  traits: ({ scale }) => ({
    output: scale === "decoder" ? "locations, scales" : "locations",
    outputsPerValue: outputsOf(scale),
    exponentialFamily: false,
  }),
  words: ({ scale }) =>
    `discretised logistic, scale ${
      { learned: "learned", decoder: "from the decoder" }[String(scale)] ?? String(scale)
    }`,
} satisfies LikelihoodSpec<DiscretisedLogisticSpec>;
