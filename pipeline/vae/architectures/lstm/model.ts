import * as tf from "@tensorflow/tfjs";
import { type Shape, sizeOf } from "../../../base/shape.ts";
import { dense, type Layer } from "../../layer.ts";
import type { Decoder, Encoder } from "../architecture.ts";
import { type LstmState, lstmStates, lstmStep } from "./recurrence.ts";
import type { LstmModel } from "./schema.ts";
import type { Variables } from "../../variables.ts";

export { describeLstmLayers as describeLayers } from "./layers.ts";

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

/** The hidden states [steps, n, units] of a cell that reads x, [steps x n, inputs], in one direction. */
function readSequence(lstm: Cell, x: tf.Tensor, steps: number, backwards: boolean): tf.Tensor3D {
  const projected = lstm.project(x);
  return lstm.run(tf.reshape(projected, [steps, x.shape[0]! / steps, projected.shape[1]!]), steps, backwards);
}

function timeAxes(inputShape: Shape): { steps: number; features: number } {
  const [steps, ...rest] = inputShape;
  if (steps === undefined || rest.length === 0) {
    throw new RangeError(
      `Cannot read a sequence: time needs an axis of its own: the shape is [${inputShape}]`,
    );
  }
  return { steps, features: sizeOf(rest) };
}

/** Stacked LSTMs; the last states, of both directions where there are two, go on to the posterior. */
export function createEncoder(variables: Variables, model: LstmModel, inputShape: Shape): Encoder {
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

/**
 * Stacked LSTMs that read z at every step, and the step before where they are autoregressive; one dense layer turns
 * each state into a row. Nothing stands before the first step.
 */
export function createDecoder(
  variables: Variables,
  model: LstmModel,
  inputShape: Shape,
  outputs: number,
): Decoder {
  const { steps, features } = timeAxes(inputShape);
  const { units, layers, autoregressive } = model.decoder;
  const [first, ...others] = Array.from(
    { length: layers },
    (_, i) => cell(variables, `decoder/lstm${i + 1}`, i === 0 ? model.latentSize : units, units),
  );
  const output = dense(variables, "decoder/output", units, outputs * features);
  const inputKernel = autoregressive
    ? variables.kernel("decoder/lstm1/beforeKernel", [features, 4 * units], features, units)
    : undefined;
  const projectBefore = (rows: tf.Tensor) => tf.matMul(rows as tf.Tensor2D, inputKernel as tf.Tensor2D);

  /** What each step is told by the one before it, [steps, n, 4 units]: nothing at the first. */
  const fromStepsBefore = (teacherInput: tf.Tensor): tf.Tensor => {
    const n = teacherInput.shape[0]!;
    const byStep = tf.transpose(tf.reshape(teacherInput, [n, steps, features]), [1, 0, 2]);
    const before = tf.concat([tf.zerosLike(tf.slice(byStep, 0, 1)), tf.slice(byStep, 0, steps - 1)], 0);
    return tf.reshape(projectBefore(tf.reshape(before, [steps * n, features])), [steps, n, 4 * units]);
  };

  return {
    decode(z, teacherInput) {
      const n = z.shape[0]!;
      // z is the same at every step, and so is its projection.
      const fromZ = tf.expandDims(first!.project(z), 0);
      const projections = inputKernel ? tf.add(fromZ, fromStepsBefore(teacherInput!)) : fromZ;
      let states = first!.run(projections, steps);
      const asRows = (states: tf.Tensor) => tf.reshape(states, [steps * n, units]);
      for (const lstm of others) states = readSequence(lstm, asRows(states), steps, false);
      const rows = output(asRows(states));
      if (outputs > 1) {
        const blocks = tf.transpose(tf.reshape(rows, [steps, n, outputs, features]), [1, 2, 0, 3]);
        return tf.reshape(blocks, [n, outputs * steps * features]);
      }
      const examples = tf.transpose(tf.reshape(rows, [steps, n, features]), [1, 0, 2]);
      return tf.reshape(examples, [n, steps * features]);
    },
    autoregression: inputKernel && {
      steps,
      features,
      wordDropout: autoregressive!.wordDropout,
      state: Object.fromEntries(
        Array.from({ length: layers }, (_, i) => [[`hidden${i}`, [units]], [`cell${i}`, [units]]]).flat(),
      ),
      step(z, before, state) {
        const next: LstmState[] = [];
        let projection: tf.Tensor = tf.add(first!.project(z), projectBefore(before));
        for (const [i, lstm] of [first!, ...others].entries()) {
          if (i > 0) projection = lstm.project(next[i - 1]!.hidden);
          next.push(lstm.step(projection, { hidden: state[`hidden${i}`]!, cell: state[`cell${i}`]! }));
        }
        return {
          output: output(next.at(-1)!.hidden) as tf.Tensor2D,
          state: Object.fromEntries(
            next.flatMap(({ hidden, cell }, i) => [[`hidden${i}`, hidden], [`cell${i}`, cell]]),
          ),
        };
      },
    },
  };
}
