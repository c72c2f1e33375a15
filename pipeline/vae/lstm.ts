import * as tf from "@tensorflow/tfjs";
import type { LstmModel } from "../spec/schema.ts";
import { dense } from "./dense.ts";
import { type Encoder, type Layer, sizeOf } from "./layer.ts";
import type { Variables } from "./variables.ts";

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000).
 *
 * The first axis of an example is time: an image is read row by row.
 */

interface Cell {
  /** Inputs [rows, inputs] -> what they add to the gates, [rows, 4 units]. One product for all time steps. */
  readonly project: Layer;
  /** Projections [n, 4 units] in the order of reading -> hidden states [n, units] in the same order. */
  readonly run: (projections: readonly tf.Tensor[]) => tf.Tensor[];
}

/** The gates lie side by side as input, forget, candidate, output. */
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
    run: (projections) => {
      const states: tf.Tensor[] = [];
      let memory: tf.Tensor | undefined;
      for (const projection of projections) {
        const previous = states.at(-1);
        const gates = previous
          ? tf.add(projection, tf.matMul(previous as tf.Tensor2D, recurrent as tf.Tensor2D))
          : projection;
        const [input, forget, candidate, output] = tf.split(gates, 4, 1) as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        const written = tf.mul(tf.sigmoid(input), tf.tanh(candidate));
        memory = memory ? tf.add(tf.mul(tf.sigmoid(forget), memory), written) : written;
        states.push(tf.mul(tf.sigmoid(output), tf.tanh(memory)));
      }
      return states;
    },
  };
}

/** [steps x n, inputs], step by step, through the cell in one direction; states in the order of time. */
function readSequence(lstm: Cell, x: tf.Tensor, steps: number, backwards: boolean): tf.Tensor[] {
  const projected = lstm.project(x);
  const byStep = tf.reshape(projected, [steps, x.shape[0]! / steps, projected.shape[1]!]);
  // Unstacked once: a slice at each step would make the gradient quadratic in the number of steps.
  const projections = tf.unstack(byStep, 0);
  return backwards ? lstm.run(projections.reverse()).reverse() : lstm.run(projections);
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
        return back ? tf.concat([ahead.at(-1)!, back[0]!], 1) : ahead.at(-1)!;
      }
      const states = back ? ahead.map((state, t) => tf.concat([state, back[t]!], 1)) : ahead;
      sequence = tf.concat(states, 0);
    }
    throw new RangeError("Cannot encode: an LSTM has at least one layer");
  };
  return { hidden, width };
}

/** Stacked LSTMs that read z at every step; one dense layer turns each state into a row. */
export function lstmDecoder(variables: Variables, model: LstmModel, inputShape: readonly number[]): Layer {
  const { steps, features } = timeAxes(inputShape);
  const { units, layers } = model.decoder;
  const [first, ...others] = Array.from(
    { length: layers },
    (_, i) => cell(variables, `decoder/lstm${i + 1}`, i === 0 ? model.latentSize : units, units),
  );
  const output = dense(variables, "decoder/output", units, features);
  return (z) => {
    const n = z.shape[0]!;
    // z is the same at every step, and so is its projection.
    const projection = first!.project(z);
    let states = first!.run(Array.from({ length: steps }, () => projection));
    for (const lstm of others) states = readSequence(lstm, tf.concat(states, 0), steps, false);
    const rows = tf.reshape(output(tf.concat(states, 0)), [steps, n, features]);
    return tf.reshape(tf.transpose(rows, [1, 0, 2]), [n, steps * features]);
  };
}
