import * as tf from "@tensorflow/tfjs";
import { penalisedKl } from "../elbo.ts";
import type { MmdSpec } from "./mmd.spec.ts";
import type { Objective } from "./objective.ts";

/**
 * Reconstruction + (1 - α) KL(q(z|x) || p(z)) + (α + λ - 1) MMD(q(z), p(z)) (Zhao et al., 2019, equation 6). What is
 * left of the first KL holds down the mutual information of example and code; the second distance does not.
 */
export function createObjective({ alpha, lambda }: MmdSpec): Objective {
  return {
    samples: 1,
    comparesExamples: true,
    drawsFromPrior: true,
    loss({ z, priorCodes, reconstruction, kl, klWeight, freeBits }) {
      const ofExamples = tf.mul(penalisedKl(kl, freeBits), 1 - alpha);
      const ofAll = tf.mul(discrepancy(z, priorCodes!), alpha + lambda - 1);
      return tf.add(tf.mean(reconstruction), tf.mul(klWeight, tf.add(ofExamples, ofAll)));
    },
  };
}

/**
 * The squared maximum mean discrepancy of two samples (Gretton et al., 2012, equation 5), with the Gaussian kernel whose
 * variance is the number of dimensions: half the mean squared distance of two codes from N(0, I).
 *
 * @param a [n, latentSize], as is b
 */
function discrepancy(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  const likeness = (p: tf.Tensor, q: tf.Tensor) => {
    const squares = tf.sum(tf.square(tf.sub(tf.expandDims(p, 1), tf.expandDims(q, 0))), 2);
    return tf.mean(tf.exp(tf.mul(squares, -0.5 / a.shape[1]!)));
  };
  return tf.sub(tf.add(likeness(a, a), likeness(b, b)), tf.mul(likeness(a, b), 2));
}
