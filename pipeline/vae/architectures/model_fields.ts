import { z } from "zod";
import { variantUnion } from "../../base/variant_union.ts";
import { type Activation, ACTIVATION_NAMES } from "../activation_names.ts";
import { INITIALISATION_NAMES } from "../initialisation_names.ts";
import { PRIORS } from "../priors/priors.ts";
import { FAMILIES } from "../likelihoods/likelihoods.ts";

/** More layers of one sort than any sensible model has: a slip of the finger cannot ask for years of them. */
export const MOST_LAYERS = 32;

/** A whole number of at least 1. */
export const atLeastOne = (): z.ZodInt => z.int().min(1);

/**
 * Keys that all architectures have in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { modelFields } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ architecture: z.literal("linear"), ...modelFields });
 * const model = schema.parse({ architecture: "linear", latentSize: 2 });
 * assert.deepEqual(model.likelihood, { family: "bernoulli" });
 * ```
 */
export const modelFields = {
  latentSize: atLeastOne().describe("Dimensions of z."),
  likelihood: variantUnion("family", FAMILIES).prefault({ family: "bernoulli" }),
  prior: variantUnion("name", PRIORS).optional().describe("p(z). Default: N(0, I)."),
  conditional: z.boolean().optional().describe(
    "Whether encoder and decoder are told the class of each example, so that a chosen class can be generated " +
      "(Sohn et al., 2015). The data need classes, the prior is N(0, I). Default: false.",
  ),
  initialisation: z.enum(INITIALISATION_NAMES).optional().describe(
    "How weights are drawn at first; biases are 0, but for fan-in-uniform. Default: glorot-uniform.",
  ),
};

/**
 * The activation of hidden layers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { activation } from "reparam";
 *
 * assert.equal(activation.parse("tanh"), "tanh");
 * assert.equal(activation.safeParse("TanH").success, false);
 * ```
 */
export const activation: z.ZodType<Activation, Activation> = z.enum(
  Object.keys(ACTIVATION_NAMES) as [keyof typeof ACTIVATION_NAMES, ...(keyof typeof ACTIVATION_NAMES)[]],
);

/**
 * Widths of hidden layers; more of them than any sensible model has is a slip of the finger.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { widths } from "reparam";
 *
 * assert.deepEqual(widths().parse([500, 250]), [500, 250]);
 * assert.equal(widths().safeParse([0]).success, false);
 * ```
 */
export function widths(): z.ZodArray<z.ZodInt> {
  return z.array(atLeastOne()).max(MOST_LAYERS);
}
