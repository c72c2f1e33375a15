import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../base/shape.ts";
import type { Variables } from "../variables.ts";
import { ownMeans, rowAutoregression } from "./autoregression.ts";
import type { AutoregressionSpec } from "./autoregression.spec.ts";
import type { Likelihood, LikelihoodBase } from "./likelihood.ts";

/**
 * A categorical distribution for each run of values along the last axis, whose logits the decoder puts out. Of each
 * run one value is 1; a run without a 1 is unknown and counts nothing.
 *
 * @param shape of one example, the last side of which is the number of symbols
 */
export function createLikelihood(
  { autoregressive }: LikelihoodBase & AutoregressionSpec,
  variables: Variables,
  _values: number,
  shape: Shape,
): Likelihood {
  const symbols = shape.at(-1)!;
  const grouped = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, x.shape[1]! / symbols, symbols]);
  const independent = (output: tf.Tensor) =>
    tf.reshape(tf.softmax(grouped(output)), [output.shape[0]!, output.shape[1]!]) as tf.Tensor2D;
  const autoregression = autoregressive &&
    rowAutoregression(autoregressive, variables, shape, symbols, independent);
  return {
    negativeLogLikelihood(output, x) {
      const logProbabilities = tf.logSoftmax(
        grouped(autoregression ? autoregression.given(output, x) : output),
      );
      return tf.neg(tf.sum(tf.mul(logProbabilities, grouped(x)), [1, 2]));
    },
    mean: (output) => autoregression ? ownMeans(output, autoregression) : independent(output),
    autoregression,
    outputName: "logits",
  };
}
