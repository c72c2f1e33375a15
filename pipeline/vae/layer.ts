import * as tf from "@tensorflow/tfjs";
import type { Activation } from "./activation_names.ts";
import type { Variables } from "./variables.ts";

/** A function of tensors; what it learns lies in `Variables`. The first axis counts examples. */
export type Layer = (x: tf.Tensor) => tf.Tensor;

/** The activations by name. */
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

/** A dense layer, x W + b: [n, inputs] -> [n, outputs]. */
export function dense(variables: Variables, name: string, inputs: number, outputs: number): Layer {
  const kernel = variables.kernel(`${name}/kernel`, [inputs, outputs], inputs, outputs);
  const bias = variables.bias(`${name}/bias`, outputs, inputs);
  return (x) => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias);
}

/** Dense layers `<name>/dense1`, `<name>/dense2`, ..., each followed by the activation. */
export function denseStack(
  variables: Variables,
  name: string,
  inputs: number,
  units: readonly number[],
  activation: Layer,
): Layer {
  return chain(units.flatMap((width, i) => [
    dense(variables, `${name}/dense${i + 1}`, units[i - 1] ?? inputs, width),
    activation,
  ]));
}
