import * as tf from "@tensorflow/tfjs";
import type { DenseModel } from "../../../spec/schema.ts";
import { ACTIVATIONS, chain, type Encoder, type Layer } from "../../layer.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { Variables } from "../../variables.ts";

/** x W + b: [n, inputs] -> [n, outputs]. */
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

/** A multi-layer perceptron (Kingma and Welling, 2014, appendix C). */
export function denseEncoder(
  variables: Variables,
  model: DenseModel,
  inputShape: readonly number[],
): Encoder {
  const { units, activation } = model.encoder;
  return {
    hidden: denseStack(variables, "encoder", sizeOf(inputShape), units, ACTIVATIONS[activation]),
    width: units.at(-1)!,
  };
}

export function denseDecoder(variables: Variables, model: DenseModel, inputShape: readonly number[]): Layer {
  const { units, activation } = model.decoder;
  return chain([
    denseStack(variables, "decoder", model.latentSize, units, ACTIVATIONS[activation]),
    dense(variables, "decoder/output", units.at(-1)!, sizeOf(inputShape)),
  ]);
}
