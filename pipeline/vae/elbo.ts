import * as tf from "@tensorflow/tfjs";
import type { Discriminator, Game, GameLosses, Objective, ObjectiveTerms } from "./objectives/objective.ts";
import type { Posterior } from "./posterior.ts";
import { repeatRows } from "./repeat_rows.ts";
import type { Vae } from "./vae.ts";

/**
 * The terms of the negative evidence lower bound, -ELBO = E_q[-log p(x|z)] + KL(q(z|x) || p(z)), in nats and
 * summed over dimensions, for n examples.
 */
export type ElboTerms = Pick<ObjectiveTerms, "posterior" | "z" | "reconstruction" | "kl" | "logRatio">;

/** What an example comes with. */
export interface ElboInputs {
  /** Codes drawn for each example; default 1. */
  readonly samples?: number;
  /** What the encoder sees in place of the examples, where its input is corrupted (Im et al., 2017). */
  readonly corrupted?: tf.Tensor | undefined;
  /** What an autoregressive decoder is given of them: teacher forcing (Williams and Zipser, 1989). */
  readonly teacherInput?: tf.Tensor | undefined;
}

/**
 * The posterior and both terms for each example.
 *
 * @param x flat examples, [n, dimensions], in [0, 1]; with a row for each posterior where the model is given several
 * classes of each
 * @param noise standard normal, [posteriors, samples x latentSize]: z = mean + standard deviation * noise
 * (reparameterisation)
 */
export function elboTerms(
  vae: Vae,
  x: tf.Tensor,
  noise: tf.Tensor,
  { samples = 1, corrupted = x, teacherInput = x }: ElboInputs = {},
): ElboTerms {
  const posterior = vae.encode(corrupted);
  const { mean, logVariance } = repeated(posterior, samples);
  const noises = samples === 1 ? noise : tf.reshape(noise, [-1, vae.latentSize]);
  const z = sampleLatent(mean, logVariance, noises);
  const logRatio = () => vae.prior.logRatio(z, logVariance, noises);
  const codes = z.shape[0]! / x.shape[0]!;
  const output = vae.decode(z, repeatRows(teacherInput, codes));
  return {
    posterior,
    z,
    reconstruction: vae.likelihood.negativeLogLikelihood(output, repeatRows(x, codes)),
    kl: vae.prior.kl?.(posterior) ?? estimatedKl(logRatio(), samples),
    logRatio,
  };
}

/** KL(q(z|x) || p(z)) as the mean of log q(z|x) - log p(z) over an example's codes, [n, 1]. */
function estimatedKl(logRatio: tf.Tensor1D, samples: number): tf.Tensor2D {
  return tf.neg(tf.mean(tf.reshape(logRatio, [-1, samples]), 1, true));
}

function repeated({ mean, logVariance }: Posterior, times: number): Posterior {
  return {
    mean: repeatRows(mean, times) as tf.Tensor2D,
    logVariance: repeatRows(logVariance, times) as tf.Tensor2D,
  };
}

/** What a step of training comes to, as means over the examples: what it minimises, and the two terms of the ELBO. */
export type StepScalars =
  & { loss: tf.Scalar; reconstruction: tf.Scalar; kl: tf.Scalar }
  & Partial<GameLosses>;

/** The scalars of a step. Where there is an adversary, they have the losses of all players. */
export function trainingLoss(objective: Objective, terms: ObjectiveTerms): StepScalars {
  return {
    loss: objective.loss(terms),
    reconstruction: tf.mean(terms.reconstruction),
    kl: penalisedKl(terms.kl, 0),
    ...objective.adversary?.losses(terms),
  };
}

/**
 * What the players of a game see.
 *
 * @param x flat examples, [n, dimensions]
 * @param z codes of them, [n, latentSize]
 * @param priorCodes of the prior, [n, latentSize]
 */
export function gameOf(
  vae: Vae,
  { judge }: Pick<Discriminator, "judge">,
  { x, z, priorCodes }: { readonly x: tf.Tensor; readonly z: tf.Tensor; readonly priorCodes: tf.Tensor },
): Game {
  const decoded = (codes: tf.Tensor) => vae.likelihood.mean(vae.decode(codes));
  return {
    x,
    reconstructions: () => decoded(z),
    generated: () => decoded(priorCodes),
    judge,
    encode: (examples) => vae.encode(examples),
  };
}

/**
 * The KL term of a batch, a scalar. With free bits, a latent dimension is penalised only for what its KL, averaged
 * over the examples, has above them (Kingma et al., 2016, equation 15); so this needs the whole batch at once.
 *
 * @param kl [n, latentSize]
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { penalisedKl } from "reparam";
 *
 * const kl = tf.tensor2d([[0, 2], [1, 4]]); // on average 0.5 and 3
 * assert.equal(penalisedKl(kl, 0).dataSync()[0], 3.5);
 * assert.equal(penalisedKl(kl, 1).dataSync()[0], 4);
 * ```
 */
export function penalisedKl(kl: tf.Tensor2D, freeBits: number): tf.Scalar {
  const perDimension = tf.mean(kl, 0);
  return tf.sum(freeBits > 0 ? tf.maximum(perDimension, freeBits) : perDimension);
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
 * @param x one flat example, [1, dimensions], or for each sample that which it is of, [samples, dimensions]
 * @param mean of its posterior, [1 or samples, latentSize], as is logVariance
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
  const ratio = vae.prior.logRatio(z, logVariance, noise);
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
