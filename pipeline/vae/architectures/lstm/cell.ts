import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../../../base/shape.ts";
import type { Layer } from "../../layer.ts";
import type { Variables } from "../../variables.ts";
import { type LstmState, lstmStates, lstmStep } from "./recurrence.ts";

/** An LSTM layer in one direction. */
export interface LstmCell {
  /** Inputs [rows, inputs] -> what they add to the gates, [rows, 4 units]. One product for all time steps. */
  readonly project: Layer;
  /** One step: what the input adds to the gates, and the state before, where there is one. */
  readonly step: (projection: tf.Tensor, state?: LstmState) => LstmState;
  /** Projections [steps or 1, n, 4 units] -> hidden states [steps, n, units]. */
  readonly run: (projections: tf.Tensor, steps: number, backwards?: boolean) => tf.Tensor3D;
}

/** Makes the variables of an LSTM layer, and the layer over them. */
export function lstmCell(variables: Variables, name: string, inputs: number, units: number): LstmCell {
  const kernel = variables.kernel(`${name}/kernel`, [inputs, 4 * units], inputs, units);
  const recurrent = variables.kernel(`${name}/recurrentKernel`, [units, 4 * units], units, units);
  // A forget gate that starts open lets gradients reach the early steps (Jozefowicz et al., 2015).
  const bias = variables.make(
    `${name}/bias`,
    [4 * units],
    new Float32Array(4 * units).fill(1, units, 2 * units),
  );
  return {
    project: (x) => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias),
    step: (projection, state) => lstmStep(projection, recurrent, state),
    run: (projections, steps, backwards) => lstmStates(projections, recurrent, steps, backwards),
  };
}

/** The hidden states [steps, n, units] of a cell that reads x, [steps x n, inputs], in one direction. */
export function readSequence(lstm: LstmCell, x: tf.Tensor, steps: number, backwards: boolean): tf.Tensor3D {
  const projected = lstm.project(x);
  return lstm.run(tf.reshape(projected, [steps, x.shape[0]! / steps, projected.shape[1]!]), steps, backwards);
}

/** The steps of an example and the values of one: the first axis is time. */
export function timeAxes(inputShape: Shape): { steps: number; features: number } {
  const [steps, ...rest] = inputShape;
  if (steps === undefined || rest.length === 0) {
    throw new RangeError(
      `Cannot read a sequence: time needs an axis of its own: the shape is [${inputShape}]`,
    );
  }
  return { steps, features: sizeOf(rest) };
}
