import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../../base/shape.ts";
import { dense } from "../../layer.ts";
import type { Decoder, Encoder } from "../architecture.ts";
import { lstmCell, readSequence, timeAxes } from "./cell.ts";
import { lstmEncoder } from "./encoder.ts";
import type { LstmState } from "./recurrence.ts";
import type { LstmModel } from "./schema.ts";
import type { Variables } from "../../variables.ts";

export { describeLstmLayers as describeLayers } from "./layers.ts";

/** Networks of LSTM layers. The first axis of an example is time: an image is read row by row. */

/** Stacked LSTMs (`lstmEncoder`). */
export function createEncoder(variables: Variables, { encoder }: LstmModel, inputShape: Shape): Encoder {
  return lstmEncoder(variables, encoder, inputShape);
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
    (_, i) => lstmCell(variables, `decoder/lstm${i + 1}`, i === 0 ? model.latentSize : units, units),
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
