import { z } from "zod";
import { variantUnion } from "../../base/variant_union.ts";
import { ACTIVATION_NAMES } from "../activation_names.ts";
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

/** The activation of hidden layers. */
export const activation = z.enum(
  Object.keys(ACTIVATION_NAMES) as [keyof typeof ACTIVATION_NAMES, ...(keyof typeof ACTIVATION_NAMES)[]],
);

/** Widths of hidden layers; more of them than any sensible model has is a slip of the finger. */
export const widths = () => z.array(count()).max(32);
