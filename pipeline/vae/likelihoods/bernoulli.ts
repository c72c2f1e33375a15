import * as tf from "@tensorflow/tfjs";
import type { Likelihood } from "./likelihood.ts";

/** Each value is on with the probability whose logit the decoder puts out (Kingma and Welling, 2014, appendix C.1). */
export function createLikelihood(): Likelihood {
  return {
    negativeLogLikelihood: (output, x) =>
      // -x log(sigmoid(l)) - (1 - x) log(1 - sigmoid(l)), which would overflow for large logits.
      tf.sum(tf.sub(tf.softplus(output), tf.mul(output, x)), 1),
    mean: (output) => tf.sigmoid(output) as tf.Tensor2D,
  };
}

export function divergence(): undefined {
  return undefined;
}
