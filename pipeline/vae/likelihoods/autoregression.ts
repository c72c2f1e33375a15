import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../../base/shape.ts";
import type { Variables } from "../variables.ts";
import type { RowAutoregression } from "./likelihood.ts";

/**
 * Tells each value of a row those before it: p(row) is the product of p(value | those before it), by the chain rule. What
 * is told is added to the decoder's output: linearly, as in a fully visible sigmoid belief network (Neal, 1992), and
 * where there are hidden units through them, which read the decoder's output as well, masked as in MADE (Germain et al.,
 * 2015). At first nothing is told.
 *
 * @param shape of one example; a row is all of it but the first side
 * @param size values that are drawn together: the symbols of one choice
 */
export function rowAutoregression(
  { units }: { readonly units: number },
  variables: Variables,
  shape: Shape,
  size: number,
  conditionalMean: RowAutoregression["conditionalMean"],
): RowAutoregression {
  const width = sizeOf(shape.slice(1)), draws = width / size;
  const draw = (value: number) => Math.floor(value / size);
  /** The draw, 1 to the last, before which a unit looks and from which on it tells. */
  const turn = (unit: number) => 1 + Math.floor(unit * (draws - 1) / units);
  const mask = (rows: number, columns: number, isOpen: (row: number, column: number) => boolean) =>
    Float32Array.from(
      { length: rows * columns },
      (_, i) => Number(isOpen(Math.floor(i / columns), i % columns)),
    );
  const masked = (kernel: tf.Variable, open: Float32Array) => () =>
    tf.mul(kernel, tf.tensor2d(open, kernel.shape as [number, number])) as tf.Tensor2D;

  const name = "decoder/row";
  const direct = masked(
    variables.zeros(`${name}/kernel`, [width, width]),
    mask(width, width, (from, to) => draw(from) < draw(to)),
  );
  const hidden = units > 0 && {
    read: variables.kernel(`${name}/hidden/outputKernel`, [width, units], width, units),
    see: masked(
      variables.kernel(`${name}/hidden/kernel`, [width, units], width, units),
      mask(width, units, (from, unit) => draw(from) < turn(unit)),
    ),
    bias: variables.bias(`${name}/hidden/bias`, units, width),
    tell: masked(
      variables.zeros(`${name}/hidden/toldKernel`, [units, width]),
      mask(units, width, (unit, to) => turn(unit) <= draw(to)),
    ),
  };

  const given = (output: tf.Tensor, x: tf.Tensor) => {
    const rows = (values: tf.Tensor) => tf.reshape(values, [values.size / width, width]) as tf.Tensor2D;
    // One example may stand for all, of either.
    const [n, seen, steps] = [output.shape[0]!, x.shape[0]!, output.shape[1]! / width];
    const perExample = (values: tf.Tensor, examples: number, columns: number) =>
      tf.reshape(values, [examples, steps, columns]);
    const examples = Math.max(n, seen);
    let told = perExample(tf.matMul(rows(x), direct()), seen, width);
    if (hidden) {
      const { read, see, bias, tell } = hidden;
      const before = perExample(tf.matMul(rows(x), see()), seen, units);
      const context = perExample(tf.add(tf.matMul(rows(output), read as tf.Tensor2D), bias), n, units);
      const values = tf.reshape(tf.tanh(tf.add(context, before)), [examples * steps, units]) as tf.Tensor2D;
      told = tf.add(told, perExample(tf.matMul(values, tell()), examples, width));
    }
    return tf.reshape(tf.add(perExample(output, n, width), told), [examples, steps * width]) as tf.Tensor2D;
  };
  return { draws, given, conditionalMean };
}

/**
 * The means where each value reads the means of those before it, as an autoregressive decoder reads its own: after as
 * many rounds as there are draws all of them have read what is final.
 */
export function ownMeans(
  output: tf.Tensor,
  { draws, given, conditionalMean }: RowAutoregression,
): tf.Tensor2D {
  let means = conditionalMean(output);
  for (let round = 1; round < draws; round++) means = conditionalMean(given(output, means));
  return means;
}
