import type * as tf from "@tensorflow/tfjs";

/** The diagonal Gaussian q(z|x); both [n, latentSize]. */
export interface Posterior {
  /** The mean of z. */
  readonly mean: tf.Tensor2D;
  /** The logarithm of the variance of each dimension of z. */
  readonly logVariance: tf.Tensor2D;
}
