import * as tf from "@tensorflow/tfjs";
import {
  ACTIVATIONS,
  chain,
  type Decoder,
  dense,
  denseStack,
  type Encoder,
  type OwnModel,
  type Shape,
  sizeOf,
  type Variables,
} from "reparam";
import { z } from "zod";

/**
 * Two levels of z: the upper one says where, and how widely, the lower one is drawn:
 *
 *   z2 ~ N(0, I),  z1 | z2 ~ N(m(z2), s(z2)^2),  x | z1, z2
 *
 * It is written in its non-centred form (Kingma and Welling, 2014b): z = (e1, e2) are both N(0, I), z2 = e2 and
 * z1 = m(z2) + s(z2) e1. So the prior, the KL term and every figure are those of one z, and the posterior is
 * factorised over e1 and e2. A ladder VAE (Sonderby et al., 2016) has the same prior; its posterior of z1 also sees
 * the z2 that was drawn, which this one does not.
 */

export const options = z.strictObject({
  upper: z.int().min(1).default(4).describe("Dimensions of z2; the other latent dimensions are z1's."),
  units: z.int().min(1).default(200).describe("Units of each hidden layer."),
});

type Model = OwnModel<z.output<typeof options>>;

function lowerSize({ latentSize, options: { upper } }: Model): number {
  if (upper >= latentSize) {
    throw new RangeError(`z has ${latentSize} dimensions: the upper level cannot have ${upper}`);
  }
  return latentSize - upper;
}

/** Two stages from bottom to top; both are seen by the posterior, as in a ladder. */
export function createEncoder(
  variables: Variables,
  { options: { units } }: Model,
  inputShape: Shape,
): Encoder {
  const bottom = denseStack(variables, "encoder/bottom", sizeOf(inputShape), [units], ACTIVATIONS.relu);
  const top = denseStack(variables, "encoder/top", units, [units], ACTIVATIONS.relu);
  return {
    hidden(x) {
      const below = bottom(x);
      return tf.concat([below, top(below)], 1);
    },
    width: 2 * units,
  };
}

export function createDecoder(variables: Variables, model: Model, inputShape: Shape): Decoder {
  const lower = lowerSize(model);
  const { upper, units } = model.options;
  const above = denseStack(variables, "decoder/above", upper, [units], ACTIVATIONS.relu);
  const mean = dense(variables, "decoder/lowerMean", units, lower);
  const deviation = dense(variables, "decoder/lowerDeviation", units, lower);
  const below = chain([
    denseStack(variables, "decoder/below", lower + upper, [units, units], ACTIVATIONS.relu),
    dense(variables, "decoder/output", units, sizeOf(inputShape)),
  ]);
  return {
    decode(z) {
      const [noise, z2] = [tf.slice(z, [0, 0], [-1, lower]), tf.slice(z, [0, lower], [-1, upper])];
      const hidden = above(z2);
      // 1 at first, so that the lower level begins as N(0, I).
      const scale = tf.mul(tf.softplus(deviation(hidden)), 1 / Math.LN2);
      return below(tf.concat([tf.add(mean(hidden), tf.mul(scale, noise)), z2], 1));
    },
  };
}
