import * as tf from "@tensorflow/tfjs";
import type { Posterior, Vae } from "./vae.ts";

/**
 * The terms of the negative evidence lower bound, -ELBO = E_q[-log p(x|z)] + KL(q(z|x) || N(0, I)), in nats and
 * summed over dimensions, for n examples.
 */
export interface ElboTerms extends Posterior {
  /** -log p(x|z) at one sample of z, [n]. */
  readonly reconstruction: tf.Tensor1D;
  /** KL(q(z_j|x) || N(0, 1)), [n, latentSize]. */
  readonly kl: tf.Tensor2D;
}

/**
 * The posterior and both terms for each example.
 *
 * @param x flat examples, [n, dimensions], in [0, 1]
 * @param noise standard normal, [n, latentSize]: z = mean + standard deviation * noise (reparameterisation)
 * @param corrupted what the encoder sees in place of `x`, where its input is corrupted (Im et al., 2017)
 * @param teacherInput what an autoregressive decoder is given of `x`: teacher forcing (Williams and Zipser, 1989)
 */
export function elboTerms(
  vae: Vae,
  x: tf.Tensor,
  noise: tf.Tensor,
  corrupted: tf.Tensor = x,
  teacherInput: tf.Tensor = x,
): ElboTerms {
  const { mean, logVariance } = vae.encode(corrupted);
  const z = sampleLatent(mean, logVariance, noise);
  return {
    mean,
    logVariance,
    reconstruction: vae.likelihood.negativeLogLikelihood(vae.decode(z, teacherInput), x),
    kl: klDivergence(mean, logVariance),
  };
}

/**
 * What training minimises, as means over the examples: `loss` = `reconstruction` + weight * penalised KL.
 *
 * With free bits, a latent dimension is penalised only for what its KL, averaged over the examples, has above
 * them (Kingma et al., 2016, equation 15); so this needs the whole batch at once. `kl` is the KL itself, neither
 * weighted nor bounded.
 */
export function trainingLoss(
  { reconstruction, kl }: Pick<ElboTerms, "reconstruction" | "kl">,
  klWeight: tf.Tensor,
  freeBits: number,
): { loss: tf.Scalar; reconstruction: tf.Scalar; kl: tf.Scalar } {
  const meanReconstruction = tf.mean(reconstruction) as tf.Scalar;
  const klPerDimension = tf.mean(kl, 0);
  const meanKl = tf.sum(klPerDimension) as tf.Scalar;
  const penalised = freeBits > 0 ? tf.sum(tf.maximum(klPerDimension, freeBits)) : meanKl;
  return {
    loss: tf.add(meanReconstruction, tf.mul(klWeight, penalised)) as tf.Scalar,
    reconstruction: meanReconstruction,
    kl: meanKl,
  };
}

/** A sample of the posterior, z = mean + exp(log variance / 2) * noise (reparameterisation). */
function sampleLatent(mean: tf.Tensor, logVariance: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
}

/** KL(N(mean, variance) || N(0, 1)) for each entry (Kingma and Welling, 2014, appendix B). */
export function klDivergence(mean: tf.Tensor, logVariance: tf.Tensor): tf.Tensor2D {
  const twice = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
  return tf.mul(twice, 0.5) as tf.Tensor2D;
}

/**
 * log p(x, z_s) / q(z_s|x) of one example for samples z_s of its posterior, [samples]: the importance weights
 * of Burda et al. (2016), to be averaged by `metrics/importance.ts`.
 *
 * @param x one flat example, [1, dimensions]
 * @param mean of its posterior, [1, latentSize], as is logVariance
 * @param noise standard normal, [samples, latentSize]
 */
export function logImportanceWeights(
  vae: Vae,
  x: tf.Tensor,
  mean: tf.Tensor,
  logVariance: tf.Tensor,
  noise: tf.Tensor,
): tf.Tensor1D {
  const z = sampleLatent(mean, logVariance, noise);
  // log p(z) - log q(z|x): the normalising constants cancel but for the posterior's variance.
  const ratio = tf.mul(tf.sum(tf.sub(tf.add(tf.square(noise), logVariance), tf.square(z)), 1), 0.5);
  return tf.sub(ratio, vae.likelihood.negativeLogLikelihood(vae.decode(z, x), x));
}

/**
 * Hides whole steps of examples (word dropout: Bowman et al., 2016).
 *
 * @param x flat examples, [n, steps x features]
 * @param keepMask 1 for a step to keep, 0 for one to hide, [n, steps]
 */
export function hideSteps(x: tf.Tensor, keepMask: tf.Tensor): tf.Tensor {
  const [n, steps] = keepMask.shape as [number, number];
  const features = x.shape[1]! / steps;
  const hidden = tf.mul(tf.reshape(x, [n, steps, features]), tf.reshape(keepMask, [n, steps, 1]));
  return tf.reshape(hidden, [n, steps * features]);
}
