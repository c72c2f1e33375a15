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
  /** One step: what the input adds to the gates, and the state before, where there is one. */
  readonly step: (projection: tf.Tensor, state?: LstmState) => LstmState;
  /** Projections [n, 4 units] in the order of reading -> hidden states [n, units] in the same order. */
  readonly run: (projections: readonly tf.Tensor[]) => tf.Tensor[];
}

/** Of one layer, both [n, units]. */
export interface LstmState {
  readonly hidden: tf.Tensor;
  readonly memory: tf.Tensor;
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
  const step = (projection: tf.Tensor, state?: LstmState): LstmState => {
    const gates = state
      ? tf.add(projection, tf.matMul(state.hidden as tf.Tensor2D, recurrent as tf.Tensor2D))
      : projection;
    const [input, forget, candidate, output] = tf.split(gates, 4, 1) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const written = tf.mul(tf.sigmoid(input), tf.tanh(candidate));
    const memory = state ? tf.add(tf.mul(tf.sigmoid(forget), state.memory), written) : written;
    return { hidden: tf.mul(tf.sigmoid(output), tf.tanh(memory)), memory };
  };
  return {
    project: (x) => tf.add(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), bias),
    step,
    run: (projections) => {
      const states: LstmState[] = [];
      for (const projection of projections) states.push(step(projection, states.at(-1)));
      return states.map(({ hidden }) => hidden);
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

  /** What each step adds to the gates of the next, [n, 4 units] each. */
  const fromStepsBefore = (given: tf.Tensor): tf.Tensor[] => {
    const n = given.shape[0]!;
    const byStep = tf.transpose(tf.reshape(given, [n, steps, features]), [1, 0, 2]);
    const projected = projectBefore(tf.reshape(byStep, [steps * n, features]));
    return tf.unstack(tf.reshape(projected, [steps, n, 4 * units]), 0);
  };

  return {
    decode(z, given) {
      const n = z.shape[0]!;
      // z is the same at every step, and so is its projection.
      const fromZ = first!.project(z);
      const before = beforeKernel ? fromStepsBefore(given!) : undefined;
      const projections = Array.from(
        { length: steps },
        (_, t) => before && t > 0 ? tf.add(fromZ, before[t - 1]!) : fromZ,
      );
      let states = first!.run(projections);
      for (const lstm of others) states = readSequence(lstm, tf.concat(states, 0), steps, false);
      const rows = tf.reshape(output(tf.concat(states, 0)), [steps, n, features]);
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
