import * as tf from "@tensorflow/tfjs";
import type { ExponentialFamily } from "../../metrics/completion.ts";
import type { Likelihood } from "./likelihood.ts";

/**
 * A Bernoulli distribution for each value, whose logit the decoder puts out (Kingma and Welling, 2014, appendix C.1).
 */
export function createLikelihood(): Likelihood {
  return {
    negativeLogLikelihood: (output, x) =>
      // -x log(sigmoid(l)) - (1 - x) log(1 - sigmoid(l)), which would overflow for large logits.
      tf.sum(tf.sub(tf.softplus(output), tf.mul(output, x)), 1),
    mean: (output) => tf.sigmoid(output) as tf.Tensor2D,
    outputName: "logits",
  };
}

/** The Bernoulli distribution as an exponential family: x log p + (1 - x) log(1 - p) = x logit(p) + log(1 - p). */
export function exponentialFamily(): ExponentialFamily {
  return {
    natural: (p) => Math.log(bounded(p) / (1 - bounded(p))),
    logNormaliser: (p) => -Math.log(1 - bounded(p)),
  };
}

/** The probability away from 0 and 1, where a float32's logarithm is infinite. */
function bounded(p: number): number {
  return Math.min(1 - 1e-6, Math.max(1e-6, p));
}
