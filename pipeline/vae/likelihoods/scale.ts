import * as tf from "@tensorflow/tfjs";
import type { Variables } from "../variables.ts";
import type { ScaleChoice } from "./scale_choice.ts";

/** A distribution's place and width for each value, from what the decoder puts out. */
export interface Located {
  /** [n, values] */
  readonly location: tf.Tensor2D;
  /** The logarithm of the width: a scalar, [1, values] or [n, values]. */
  readonly logScale: tf.Tensor;
}

/** How the width of a distribution is bounded and where it begins. */
export interface ScaleBounds {
  /** The variable of a learned logarithm. */
  readonly name: string;
  /** The logarithm of the width before training. */
  readonly start: number;
  /** Approached, but not passed, by the logarithm of a width that is learned. */
  readonly least: number;
}

/**
 * Takes place and width out of a decoder's output, which has all places first and then, where the width is its
 * affair, all logarithms of widths. A learned width keeps above a bound, since the density of values that never vary
 * has none of its own (Mattei and Frellsen, 2018): log width = least + softplus(output - least), as Rybkin et al.
 * (2021) have it.
 *
 * @param values of one example
 */
export function locate(
  choice: ScaleChoice,
  values: number,
  variables: Variables,
  { name, start, least }: ScaleBounds,
): (output: tf.Tensor) => Located {
  const bounded = (free: tf.Tensor) => tf.add(tf.softplus(tf.add(free, start - least)), least);
  const whole = (output: tf.Tensor) => output as tf.Tensor2D;
  if (typeof choice === "number") {
    const logScale = Math.log(choice);
    return (output) => ({ location: whole(output), logScale: tf.scalar(logScale) });
  }
  if (choice === "decoder") {
    return (output) => {
      const [location, free] = tf.split(output, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return { location, logScale: bounded(free) };
    };
  }
  const free = variables.zeros(name, choice === "learned" ? [] : [1, values]);
  return (output) => ({ location: whole(output), logScale: bounded(free) });
}
