import * as tf from "@tensorflow/tfjs";
import type { Activation } from "../spec/schema.ts";

/** A function of tensors; what it learns lies in `Variables`. The first axis counts examples. */
export type Layer = (x: tf.Tensor) => tf.Tensor;

export const ACTIVATIONS: Readonly<Record<Activation, Layer>> = {
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  elu: (x) => tf.elu(x),
  softplus: (x) => tf.softplus(x),
  linear: (x) => x,
};

/** The layers one after the other. */
export function chain(layers: readonly Layer[]): Layer {
  return (x) => layers.reduce((value, layer) => layer(value), x);
}

/** Gives each example another shape. */
export function reshape(shape: readonly number[]): Layer {
  return (x) => tf.reshape(x, [x.shape[0]!, ...shape]);
}

/** What an architecture provides on the encoder's side; `vae.ts` puts the posterior's two heads on it. */
export interface Encoder {
  /** Flat examples [n, dimensions] -> hidden values [n, width]. */
  readonly hidden: Layer;
  readonly width: number;
}
