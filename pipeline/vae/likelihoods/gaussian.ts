import * as tf from "@tensorflow/tfjs";
import type { ExponentialFamily } from "../../metrics/completion.ts";
import type { Variables } from "../variables.ts";
import type { GaussianSpec } from "./gaussian.spec.ts";
import type { Likelihood } from "./likelihood.ts";
import { locate } from "./scale.ts";
import { outputsOf } from "./scale_choice.ts";

const LOG_2_PI = Math.log(2 * Math.PI);
/** The variable of the learned standard deviation's logarithm. */
const LOG_DEVIATION = "decoder/logStandardDeviation";
/** Deviations of single values: a third of the range of pixels at first, and at least about one of 255 levels. */
const BOUNDS = { name: LOG_DEVIATION, start: Math.log(0.3), least: Math.log(0.004) };

/** Numbers that the decoder puts out for each value. */
export function outputsPerValue({ standardDeviation }: GaussianSpec): number {
  return outputsOf(standardDeviation);
}

/**
 * A normal distribution around the decoder's output. The standard deviation is one for all dimensions, fixed or a
 * scalar that is learned and starts at 1 (Rybkin et al., 2021); or each dimension has its own, learned or from the
 * decoder (Kingma and Welling, 2014, appendix C.2).
 *
 * @param values of one example
 */
export function createLikelihood(
  { standardDeviation }: GaussianSpec,
  variables: Variables,
  values: number,
): Likelihood {
  if (standardDeviation === "per-value" || standardDeviation === "decoder") {
    const parts = locate(standardDeviation, values, variables, BOUNDS);
    return {
      negativeLogLikelihood(output, x) {
        const { location, logScale } = parts(output);
        const errors = tf.mul(tf.sub(x, location), tf.exp(tf.neg(logScale)));
        return tf.sum(tf.add(tf.mul(tf.square(errors), 0.5), tf.add(logScale, 0.5 * LOG_2_PI)), 1);
      },
      mean: (output) => parts(output).location,
    };
  }
  const mean = (output: tf.Tensor) => output as tf.Tensor2D;
  const squares = (output: tf.Tensor, x: tf.Tensor) => tf.sum(tf.square(tf.sub(x, output)), 1);
  if (standardDeviation === "learned") {
    const logDeviation = variables.zeros(LOG_DEVIATION, []);
    return {
      negativeLogLikelihood(output, x) {
        const scaled = tf.mul(squares(output, x), tf.mul(tf.exp(tf.mul(logDeviation, -2)), 0.5));
        return tf.add(scaled, tf.mul(tf.add(logDeviation, 0.5 * LOG_2_PI), output.shape[1]!));
      },
      mean,
    };
  }
  return {
    negativeLogLikelihood(output, x) {
      const constant = output.shape[1]! * (Math.log(standardDeviation) + 0.5 * LOG_2_PI);
      return tf.add(tf.mul(squares(output, x), 0.5 / standardDeviation ** 2), constant);
    },
    mean,
  };
}

/** -(x - m)² / 2σ² = x m/σ² - m²/2σ² - x²/2σ², of which the last is the same for every mean. */
export function exponentialFamily(
  { standardDeviation }: GaussianSpec,
  valueOf: (name: string) => Float32Array,
): ExponentialFamily | undefined {
  if (standardDeviation === "per-value" || standardDeviation === "decoder") return undefined;
  const variance = standardDeviation === "learned"
    ? Math.exp(2 * valueOf(LOG_DEVIATION)[0]!)
    : standardDeviation ** 2;
  return {
    natural: (mean) => mean / variance,
    logNormaliser: (mean) => mean ** 2 / (2 * variance),
  };
}

/** A standard deviation that is too small, or goes to 0, makes every error count for more than any bound. */
export function divergence({ standardDeviation }: GaussianSpec) {
  return {
    cause: typeof standardDeviation === "string"
      ? "a learned standard deviation went to 0, where the Gaussian likelihood has no bound"
      : `a standard deviation of ${standardDeviation} multiplies every squared error by ${
        Number((0.5 / standardDeviation ** 2).toPrecision(3))
      }`,
    override: "model.likelihood.standardDeviation=1",
  };
}
