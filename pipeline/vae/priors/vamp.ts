import * as tf from "@tensorflow/tfjs";
import type { Prior, PriorParts } from "./prior.ts";
import type { VampSpec } from "./vamp.spec.ts";

/** Pseudo-inputs before training: nearly black pictures, as in the authors' code. */
const START = { mean: 0.05, deviation: 0.01 };

/**
 * The variational mixture of posteriors, p(z) = (1/K) sum_k q(z|u_k), over pseudo-inputs u_k that are learned and, as
 * examples are, within [0, 1] (Tomczak and Welling, 2018, equation 9).
 */
export function createPrior({ components }: VampSpec, { variables, encode, values }: PriorParts): Prior {
  const free = variables.normal("prior/pseudoInputs", [components, values], START);
  const mixture = () => encode(tf.clipByValue(free, 0, 1));
  return {
    isStandardNormal: false,
    logRatio(z, logVariance, noise) {
      const { mean, logVariance: width } = mixture();
      // log N(z; mean, exp(width)) of each code and component, [n, components], but for the (2 pi)^(-L/2), which
      // log q(z|x) has, too.
      const distance = tf.sub(tf.expandDims(z, 1), tf.expandDims(mean, 0));
      const precision = tf.expandDims(tf.exp(tf.neg(width)), 0);
      const squares = tf.add(tf.mul(tf.square(distance), precision), tf.expandDims(width, 0));
      const logPrior = tf.sub(tf.logSumExp(tf.mul(tf.sum(squares, 2), -0.5), 1), Math.log(components));
      const logPosterior = tf.mul(tf.sum(tf.add(tf.square(noise), logVariance), 1), -0.5);
      return tf.sub(logPrior, logPosterior);
    },
    sample(noise, choice) {
      const { mean, logVariance } = mixture();
      const chosen = tf.floor(tf.mul(choice, components));
      const isChosen = tf.cast(tf.equal(chosen, tf.expandDims(tf.range(0, components), 0)), "float32");
      const of = (rows: tf.Tensor2D) => tf.matMul(isChosen as tf.Tensor2D, rows);
      return tf.add(of(mean), tf.mul(tf.exp(tf.mul(of(logVariance), 0.5)), noise));
    },
  };
}
