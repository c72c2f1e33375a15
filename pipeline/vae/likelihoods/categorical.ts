import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../base/shape.ts";
import type { Variables } from "../variables.ts";
import type { Likelihood, LikelihoodBase } from "./likelihood.ts";

/**
 * A categorical distribution for each run of values along the last axis, whose logits the decoder puts out. Of each
 * run one value is 1; a run without a 1 is unknown and counts nothing.
 *
 * @param shape of one example, the last side of which is the number of symbols
 */
export function createLikelihood(
  _spec: LikelihoodBase,
  _variables: Variables,
  _values: number,
  shape: Shape,
): Likelihood {
  const symbols = shape.at(-1)!;
  const grouped = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, x.shape[1]! / symbols, symbols]);
  return {
    negativeLogLikelihood(output, x) {
      const logProbabilities = tf.logSoftmax(grouped(output));
      return tf.neg(tf.sum(tf.mul(logProbabilities, grouped(x)), [1, 2]));
    },
    mean: (output) => tf.reshape(tf.softmax(grouped(output)), [output.shape[0]!, output.shape[1]!]),
    outputName: "logits",
  };
}
