import * as tf from "@tensorflow/tfjs";
import type { Variables } from "../variables.ts";
import type { DiscretisedLogisticSpec } from "./discretised_logistic.spec.ts";
import type { Likelihood } from "./likelihood.ts";
import { locate } from "./scale.ts";
import { outputsOf } from "./scale_choice.ts";

/** Levels of a value: 0, 1/255, ..., 1. */
const LEVELS = 256;
const HALF = 0.5 / (LEVELS - 1);
/** Logarithms of scales: where they begin, and the bound of Salimans et al. for values in a range of 1. */
const BOUNDS = { name: "decoder/logScale", start: Math.log(0.1), least: -7 - Math.log(2) };

/** Numbers that the decoder puts out for each value. */
export function outputsPerValue({ scale }: DiscretisedLogisticSpec): number {
  return outputsOf(scale);
}

/**
 * A logistic distribution around the decoder's output, of which a level has what lies within half a level of it, and
 * the two outermost all that lies beyond, too (Kingma et al., 2016; Salimans et al., 2017, equation 2).
 *
 * With a and b the distances of a level's edges from the location, in scales, sigmoid(a) - sigmoid(b) is
 * sigmoid(a) sigmoid(-b) (1 - exp(b - a)), whose logarithm loses no digits however far out the level lies.
 */
export function createLikelihood(
  { scale }: DiscretisedLogisticSpec,
  variables: Variables,
  values: number,
): Likelihood {
  const parts = locate(scale, values, variables, BOUNDS);
  return {
    levels: LEVELS,
    negativeLogLikelihood(output, x) {
      const { location, logScale } = parts(output);
      const precision = tf.exp(tf.neg(logScale));
      const distance = tf.sub(x, location);
      const a = tf.mul(tf.add(distance, HALF), precision);
      const b = tf.mul(tf.sub(distance, HALF), precision);
      const aboveLowest = indicator(tf.greater(x, HALF));
      const belowHighest = indicator(tf.less(x, 1 - HALF));
      const inside = tf.neg(tf.log(tf.neg(tf.expm1(tf.mul(precision, -2 * HALF)))));
      const losses = tf.add(
        tf.add(tf.mul(belowHighest, tf.softplus(tf.neg(a))), tf.mul(aboveLowest, tf.softplus(b))),
        tf.mul(tf.mul(aboveLowest, belowHighest), inside),
      );
      return tf.sum(losses, 1);
    },
    mean(output) {
      // The mean of levels is the sum of sigmoid((location - edge) / scale) over the edges between them; here its
      // integral, from which it differs by a fiftieth of a level where the scale is half a level, and less above.
      const { location, logScale } = parts(output);
      const scale = tf.exp(logScale);
      const upTo = (edge: number) => tf.softplus(tf.div(tf.sub(location, edge), scale));
      return tf.mul(scale, tf.sub(upTo(0), upTo(1)));
    },
  };
}

function indicator(condition: tf.Tensor): tf.Tensor {
  return tf.cast(condition, "float32");
}
