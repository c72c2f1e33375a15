import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../../base/shape.ts";
import type { Variables } from "../variables.ts";
import { ownMeans, rowAutoregression } from "./autoregression.ts";
import type { AutoregressionSpec } from "./autoregression.spec.ts";
import type { Likelihood, LikelihoodBase } from "./likelihood.ts";

/**
 * A Bernoulli distribution for each value of a sequence that ends with its last 1: p(x|z) given the length, as
 * autoregressive models of sequences report it. What follows fills an example up to the common length, and counts
 * nothing.
 *
 * @param shape of one example, the first side of which is time
 */
export function createLikelihood(
  { autoregressive }: LikelihoodBase & AutoregressionSpec,
  variables: Variables,
  _values: number,
  shape: Shape,
): Likelihood {
  const [steps, features] = [shape[0]!, sizeOf(shape.slice(1))];
  const byStep = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, steps, features]);
  const independent = (output: tf.Tensor) => tf.sigmoid(output) as tf.Tensor2D;
  const autoregression = autoregressive &&
    rowAutoregression(autoregressive, variables, shape, 1, independent);
  return {
    negativeLogLikelihood(output, x) {
      const logits = autoregression ? autoregression.given(output, x) : output;
      const losses = tf.sum(byStep(tf.sub(tf.softplus(logits), tf.mul(logits, x))), 2);
      const onesFromHere = tf.cumsum(tf.sum(byStep(x), 2), 1, false, true);
      return tf.sum(tf.mul(losses, tf.minimum(onesFromHere, 1)), 1);
    },
    mean: (output) => autoregression ? ownMeans(output, autoregression) : independent(output),
    autoregression,
    outputName: "logits",
  };
}
