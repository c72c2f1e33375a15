import * as tf from "@tensorflow/tfjs";
import { klDivergence } from "../elbo.ts";
import type { Prior } from "./prior.ts";

/** N(0, I) (Kingma and Welling, 2014). */
export function createPrior(): Prior {
  return {
    isStandardNormal: true,
    kl: ({ mean, logVariance }) => klDivergence(mean, logVariance),
    // The normalising constants cancel but for the posterior's variance.
    logRatio: (z, logVariance, noise) =>
      tf.mul(tf.sum(tf.sub(tf.add(tf.square(noise), logVariance), tf.square(z)), 1), 0.5),
    sample: (noise) => noise as tf.Tensor2D,
  };
}
