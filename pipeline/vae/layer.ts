import * as tf from "@tensorflow/tfjs";
import type { Activation } from "./activation_names.ts";
import type { Variables } from "./variables.ts";

/** A function of tensors; what it learns lies in `Variables`. The first axis counts examples. */
export type Layer = (x: tf.Tensor) => tf.Tensor;

/**
 * The activations by name.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { ACTIVATIONS } from "reparam";
 *
 * assert.deepEqual(Array.from(ACTIVATIONS.relu(tf.tensor1d([-1, 2])).dataSync()), [0, 2]);
 * ```
 */
export const ACTIVATIONS: Readonly<Record<Activation, Layer>> = {
  relu: (x) => tf.relu(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  elu: (x) => tf.elu(x),
  softplus: (x) => tf.softplus(x),
  linear: (x) => x,
};

/**
 * The layers one after the other.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { ACTIVATIONS, chain } from "reparam";
 *
 * const twice = chain([(x) => tf.mul(x, 2), ACTIVATIONS.relu]);
 * assert.deepEqual(Array.from(twice(tf.tensor1d([-1, 2])).dataSync()), [0, 4]);
 * ```
 */
export function chain(layers: readonly Layer[]): Layer {
  return (x) => layers.reduce((value, layer) => layer(value), x);
}

/**
 * Gives each example another shape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { reshape } from "reparam";
 *
 * assert.deepEqual(reshape([28, 28, 1])(tf.zeros([5, 784])).shape, [5, 28, 28, 1]);
 * ```
 */
export function reshape(shape: readonly number[]): Layer {
  return (x) => tf.reshape(x, [x.shape[0]!, ...shape]);
}

/**
 * A dense layer, x W + b: [n, inputs] -> [n, outputs].
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { dense, Variables } from "reparam";
 *
 * const variables = new Variables(1);
 * const layer = dense(variables, "example/dense", 784, 10);
 * assert.deepEqual(layer(tf.zeros([5, 784])).shape, [5, 10]);
 * assert.deepEqual(variables.list.map(({ name }) => name), ["example/dense/kernel", "example/dense/bias"]);
 * ```
 */
export function dense(variables: Variables, name: string, inputs: number, outputs: number): Layer {
  const kernel = variables.kernel(`${name}/kernel`, [inputs, outputs], inputs, outputs);
  const bias = variables.bias(`${name}/bias`, outputs, inputs);
  return (x) => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias);
}

/**
 * Dense layers `<name>/dense1`, `<name>/dense2`, ..., each followed by the activation.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { ACTIVATIONS, denseStack, Variables } from "reparam";
 *
 * const hidden = denseStack(new Variables(1), "example", 784, [64, 32], ACTIVATIONS.tanh);
 * assert.deepEqual(hidden(tf.zeros([5, 784])).shape, [5, 32]);
 * ```
 */
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
