import * as tf from "@tensorflow/tfjs";

/** Each row so many times, one after the other: [n, columns] -> [n x times, columns]. */
export function repeatRows(x: tf.Tensor, times: number): tf.Tensor {
  if (times === 1) return x;
  const [rows, columns] = x.shape as [number, number];
  return tf.reshape(tf.tile(tf.reshape(x, [rows, 1, columns]), [1, times, 1]), [rows * times, columns]);
}
