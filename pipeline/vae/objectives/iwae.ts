import * as tf from "@tensorflow/tfjs";
import type { IwaeSpec } from "./iwae.spec.ts";
import type { Objective, ObjectiveTerms } from "./objective.ts";

/**
 * The negative importance-weighted bound, -log (1/K) sum_k p(x, z_k) / q(z_k|x) (Burda et al., 2016, equation 8). One
 * sample is the ELBO, whose KL is then estimated at that sample. A KL weight other than 1 multiplies
 * log p(z) - log q(z|x), as in the ELBO; then it is no bound.
 */
export function createObjective({ samples }: IwaeSpec): Objective {
  /** log sum_k of the weights of each example, [n]. */
  const sums = ({ reconstruction, logRatio, klWeight }: ObjectiveTerms) => {
    const logWeights = tf.sub(tf.mul(klWeight, logRatio()), reconstruction);
    return tf.logSumExp(tf.reshape(logWeights, [-1, samples]), 1);
  };
  return {
    samples,
    comparesExamples: false,
    loss: (terms) => tf.sub(Math.log(samples), tf.mean(sums(terms))),
    ofExamples: (terms) => tf.sub(Math.log(samples), sums(terms)),
  };
}
