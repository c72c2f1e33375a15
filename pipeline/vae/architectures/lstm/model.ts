import * as tf from "@tensorflow/tfjs";
import type { LstmModel } from "../../../spec/schema.ts";
import { dense } from "../dense/model.ts";
import { type Encoder, type Layer } from "../../layer.ts";
import { sizeOf } from "../../../base/shape.ts";
import { type LstmState, lstmStates, lstmStep } from "./recurrence.ts";
import type { Variables } from "../../variables.ts";

/** Networks of LSTM layers. The first axis of an example is time: an image is read row by row. */

interface Cell {
  /** Inputs [rows, inputs] -> what they add to the gates, [rows, 4 units]. One product for all time steps. */
  readonly project: Layer;
  /** One step: what the input adds to the gates, and the state before, where there is one. */
  readonly step: (projection: tf.Tensor, state?: LstmState) => LstmState;
  /** Projections [steps or 1, n, 4 units] -> hidden states [steps, n, units]. */
  readonly run: (projections: tf.Tensor, steps: number, backwards?: boolean) => tf.Tensor3D;
}

function cell(variables: Variables, name: string, inputs: number, units: number): Cell {
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

/** [steps x n, inputs] through the cell in one direction; states [steps, n, units]. */
function readSequence(lstm: Cell, x: tf.Tensor, steps: number, backwards: boolean): tf.Tensor3D {
  const projected = lstm.project(x);
  return lstm.run(tf.reshape(projected, [steps, x.shape[0]! / steps, projected.shape[1]!]), steps, backwards);
}

function timeAxes(inputShape: readonly number[]): { steps: number; features: number } {
  const [steps, ...rest] = inputShape;
  if (steps === undefined || rest.length === 0) {
    throw new RangeError(
      `Cannot read a sequence: time needs an axis of its own: the shape is [${inputShape}]`,
    );
  }
  return { steps, features: sizeOf(rest) };
}

/** Stacked LSTMs; the last states, of both directions where there are two, go on to the posterior. */
export function lstmEncoder(variables: Variables, model: LstmModel, inputShape: readonly number[]): Encoder {
  const { steps, features } = timeAxes(inputShape);
  const { units, layers, direction } = model.encoder;
  const bidirectional = direction === "bidirectional";
  const width = bidirectional ? 2 * units : units;
  const stack = Array.from({ length: layers }, (_, i) => {
    const inputs = i === 0 ? features : width;
    return {
      forward: cell(variables, `encoder/lstm${i + 1}/forward`, inputs, units),
      backward: bidirectional ? cell(variables, `encoder/lstm${i + 1}/backward`, inputs, units) : undefined,
    };
  });
  const hidden: Layer = (x) => {
    const n = x.shape[0]!;
    let sequence = tf.reshape(tf.transpose(tf.reshape(x, [n, steps, features]), [1, 0, 2]), [
      steps * n,
      features,
    ]);
    for (const [i, { forward, backward }] of stack.entries()) {
      const ahead = readSequence(forward, sequence, steps, false);
      const back = backward && readSequence(backward, sequence, steps, true);
      if (i === layers - 1) {
        // Each direction's last state has read everything: the backward one stands at the first step.
        const last = tf.unstack(ahead).at(-1)!;
        return back ? tf.concat([last, tf.unstack(back)[0]!], 1) : last;
      }
      sequence = tf.reshape(back ? tf.concat([ahead, back], 2) : ahead, [steps * n, width]);
    }
    throw new RangeError("Cannot encode: an LSTM has at least one layer");
  };
  return { hidden, width };
}

/** A decoder that writes step by step: the state of each layer goes from one step to the next. */
export interface Autoregression {
  readonly steps: number;
  /** Values of one step. */
  readonly features: number;
  /** Width of each layer. */
  readonly units: readonly number[];
  /** z [n, latentSize] and the step before [n, features] -> the decoder's output for this step, [n, features]. */
  step(z: tf.Tensor, before: tf.Tensor, states: readonly LstmState[]): {
    readonly output: tf.Tensor2D;
    readonly states: readonly LstmState[];
  };
}

export interface Decoder {
  /**
   * [n, latentSize] -> [n, dimensions].
   * @param given the examples whose steps the decoder reads, one step late, where it is autoregressive: [n or 1,
   * dimensions]
   */
  decode(z: tf.Tensor, given?: tf.Tensor): tf.Tensor;
  readonly autoregression: Autoregression | undefined;
}

/**
 * Stacked LSTMs that read z at every step, and the step before where they are autoregressive; one dense layer turns
 * each state into a row. Nothing stands before the first step.
 */
export function lstmDecoder(
  variables: Variables,
  model: LstmModel,
  inputShape: readonly number[],
): Decoder {
  const { steps, features } = timeAxes(inputShape);
  const { units, layers, autoregressive } = model.decoder;
  const [first, ...others] = Array.from(
    { length: layers },
    (_, i) => cell(variables, `decoder/lstm${i + 1}`, i === 0 ? model.latentSize : units, units),
  );
  const output = dense(variables, "decoder/output", units, features);
  const beforeKernel = autoregressive
    ? variables.kernel("decoder/lstm1/beforeKernel", [features, 4 * units], features, units)
    : undefined;
  const projectBefore = (rows: tf.Tensor) => tf.matMul(rows as tf.Tensor2D, beforeKernel as tf.Tensor2D);

  /** What each step is told by the one before, [steps, n, 4 units]: nothing at the first. */
  const fromStepsBefore = (given: tf.Tensor): tf.Tensor => {
    const n = given.shape[0]!;
    const byStep = tf.transpose(tf.reshape(given, [n, steps, features]), [1, 0, 2]);
    const before = tf.concat([tf.zerosLike(tf.slice(byStep, 0, 1)), tf.slice(byStep, 0, steps - 1)], 0);
    return tf.reshape(projectBefore(tf.reshape(before, [steps * n, features])), [steps, n, 4 * units]);
  };

  return {
    decode(z, given) {
      const n = z.shape[0]!;
      // z is the same at every step, and so is its projection.
      const fromZ = tf.expandDims(first!.project(z), 0);
      const projections = beforeKernel ? tf.add(fromZ, fromStepsBefore(given!)) : fromZ;
      let states = first!.run(projections, steps);
      const asRows = (states: tf.Tensor) => tf.reshape(states, [steps * n, units]);
      for (const lstm of others) states = readSequence(lstm, asRows(states), steps, false);
      const rows = tf.reshape(output(asRows(states)), [steps, n, features]);
      return tf.reshape(tf.transpose(rows, [1, 0, 2]), [n, steps * features]);
    },
    autoregression: beforeKernel && {
      steps,
      features,
      units: Array.from({ length: layers }, () => units),
      step(z, before, states) {
        const next: LstmState[] = [];
        let projection: tf.Tensor = tf.add(first!.project(z), projectBefore(before));
        for (const [i, lstm] of [first!, ...others].entries()) {
          if (i > 0) projection = lstm.project(next[i - 1]!.hidden);
          next.push(lstm.step(projection, states[i]!));
        }
        return { output: output(next.at(-1)!.hidden) as tf.Tensor2D, states: next };
      },
    },
  };
}
