import { z } from "zod";
import { variantUnion } from "../../base/variant_union.ts";
import { type Activation, ACTIVATION_NAMES } from "../activation_names.ts";
import { INITIALISATION_NAMES } from "../initialisation_names.ts";
import { LIKELIHOODS } from "../likelihoods/likelihoods.ts";

const count = () => z.int().min(1);

/** Keys that all architectures have in common. */
export const modelFields = {
  latentSize: count().describe("Dimensions of z."),
  likelihood: variantUnion("family", LIKELIHOODS).prefault({ family: "bernoulli" }),
  initialisation: z.enum(INITIALISATION_NAMES).optional().describe(
    "How weights are drawn at first; biases are 0, but for fan-in-uniform. Default: glorot-uniform.",
  ),
};

/** An activation's name, as a key of a spec. */
export const activation: z.ZodType<Activation, Activation> = z.enum(
  Object.keys(ACTIVATION_NAMES) as [keyof typeof ACTIVATION_NAMES, ...(keyof typeof ACTIVATION_NAMES)[]],
);

/** Widths of hidden layers; more of them than any sensible model has is a slip of the finger. */
export function widths(): z.ZodArray<z.ZodInt> {
  return z.array(count()).max(32);
}
