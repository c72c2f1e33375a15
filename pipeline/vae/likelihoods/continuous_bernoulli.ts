import * as tf from "@tensorflow/tfjs";
import type { Likelihood } from "./likelihood.ts";

/** Logits nearer to 0 than this are where the formulas lose digits, and series take their place. */
const NEAR = 0.5;

/**
 * The continuous Bernoulli distribution (Loaiza-Ganem and Cunningham, 2019): p(x) is proportional to λ^x (1 - λ)^(1-x)
 * on [0, 1]. With the logit l of λ that is an exponential density cut off at 1,
 *
 *     log p(x) = l x - log((exp(l) - 1) / l),
 *
 * whose normaliser is written as l/2 + |l|/2 + log((1 - exp(-|l|)) / |l|), which overflows for no l.
 */
export function createLikelihood(): Likelihood {
  return {
    negativeLogLikelihood: (output, x) => tf.sum(tf.sub(logNormaliser(output), tf.mul(output, x)), 1),
    mean,
  };
}

/** log((exp(l) - 1) / l), for each logit; its derivative is the mean. */
const logNormaliser = tf.customGrad((...args) => {
  const [l, save] = args as unknown as [tf.Tensor, tf.GradSaveFunc];
  save([l]);
  return {
    value: logNormaliserValue(l),
    gradFunc: (dy: tf.Tensor, [l]: tf.Tensor[]) => tf.mul(dy, mean(l!)),
  };
});

function logNormaliserValue(l: tf.Tensor): tf.Tensor {
  const size = tf.abs(l);
  const { near, away } = apart(l, size);
  const far = tf.sub(tf.log(tf.sub(1, tf.exp(tf.neg(away)))), tf.log(away));
  // log(sinh(h) / h) = h²/6 - h⁴/180 + h⁶/2835 - ..., h = l/2; beside it, l/2 in place of the far part's l/2 + |l|/2.
  const square = tf.mul(tf.square(near), 0.25);
  const series = tf.mul(square, tf.add(1 / 6, tf.mul(square, tf.add(-1 / 180, tf.mul(square, 1 / 2835)))));
  const part = tf.where(tf.less(size, NEAR), series, tf.add(tf.mul(size, 0.5), far));
  return tf.add(tf.mul(l, 0.5), part);
}

/** E[x] = 1 / (1 - exp(-l)) - 1 / l, for each logit. */
function mean(l: tf.Tensor): tf.Tensor2D {
  const size = tf.abs(l);
  const { near, away } = apart(l, size);
  // For l > 0; E[x] at -l is 1 - E[x] at l.
  const upper = tf.sub(tf.reciprocal(tf.sub(1, tf.exp(tf.neg(away)))), tf.reciprocal(away));
  const far = tf.where(tf.greater(l, 0), upper, tf.sub(1, upper));
  // 1/2 + l/12 - l³/720 + l⁵/30240 - ...
  const square = tf.square(near);
  const series = tf.mul(near, tf.add(1 / 12, tf.mul(square, tf.add(-1 / 720, tf.mul(square, 1 / 30240)))));
  return tf.where(tf.less(size, NEAR), tf.add(series, 0.5), far) as tf.Tensor2D;
}

/** Logits for the series, and sizes of logits for the formulas: each harmless where the other one counts. */
function apart(l: tf.Tensor, size: tf.Tensor): { readonly near: tf.Tensor; readonly away: tf.Tensor } {
  return { near: tf.clipByValue(l, -NEAR, NEAR), away: tf.maximum(size, NEAR) };
}
