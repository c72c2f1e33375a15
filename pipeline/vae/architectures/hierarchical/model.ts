import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../../base/shape.ts";
import { dense } from "../../layer.ts";
import type { Variables } from "../../variables.ts";
import type { Decoder, Encoder } from "../architecture.ts";
import { lstmCell, timeAxes } from "../lstm/cell.ts";
import { lstmEncoder } from "../lstm/encoder.ts";
import type { LstmState } from "../lstm/recurrence.ts";
import type { HierarchicalModel } from "./schema.ts";

export { describeHierarchicalLayers as describeLayers } from "./layers.ts";

/** Stacked LSTMs (`lstmEncoder`). */
export function createEncoder(
  variables: Variables,
  { encoder }: HierarchicalModel,
  inputShape: Shape,
): Encoder {
  return lstmEncoder(variables, encoder, inputShape);
}

/**
 * A decoder of two levels (Roberts et al., 2018, section 3.2). The conductor, an LSTM that reads z, takes one step for
 * each segment of the example and gives it an embedding. The decoder proper is an LSTM that begins anew with each
 * segment, so that what it is to write there must come by the embedding, and so from z; at each step it reads the
 * embedding, and the step before, also that of the segment before. Where the paper makes the embedding the LSTM's first
 * state as well, here it is read at every step alone.
 */
export function createDecoder(
  variables: Variables,
  { latentSize, conductor, segment, decoder }: HierarchicalModel,
  inputShape: Shape,
  outputs: number,
): Decoder {
  const { steps, features } = timeAxes(inputShape);
  const segments = steps / segment, { units } = decoder;
  const upper = lstmCell(variables, "decoder/conductor", latentSize, conductor.units);
  const embed = dense(variables, "decoder/embedding", conductor.units, conductor.embedding);
  const lower = lstmCell(variables, "decoder/lstm", conductor.embedding, units);
  const beforeKernel = variables.kernel("decoder/lstm/beforeKernel", [features, 4 * units], features, units);
  const output = dense(variables, "decoder/output", units, outputs * features);
  const embedding = (hidden: tf.Tensor) => tf.tanh(embed(hidden));
  const projectBefore = (rows: tf.Tensor) => tf.matMul(rows as tf.Tensor2D, beforeKernel as tf.Tensor2D);

  /** Values [n, steps, width] in the order [steps of a segment, n x segments, width]: segments lie side by side. */
  const bySegment = (x: tf.Tensor, n: number, width: number) =>
    tf.reshape(tf.transpose(tf.reshape(x, [n * segments, segment, width]), [1, 0, 2]), [
      segment * n * segments,
      width,
    ]);

  return {
    decode(z, teacherInput) {
      const n = z.shape[0]!, rows = n * segments;
      const conducted = upper.run(tf.expandDims(upper.project(z), 0), segments);
      const perSegment = tf.reshape(tf.transpose(conducted, [1, 0, 2]), [rows, conductor.units]);
      const fromEmbedding = tf.reshape(lower.project(embedding(perSegment)), [1, rows, 4 * units]);
      // One example may stand for all: of its steps, what comes before each is the same for every z.
      const given = teacherInput!.shape[0]!;
      const byStep = tf.reshape(teacherInput!, [given, steps, features]);
      const nothing = tf.zerosLike(tf.slice(byStep, [0, 0, 0], [given, 1, features]));
      const before = tf.concat([nothing, tf.slice(byStep, [0, 0, 0], [given, steps - 1, features])], 1);
      const fromBefore = tf.reshape(projectBefore(bySegment(before, given, features)), [
        segment,
        given * segments,
        4 * units,
      ]);
      const told = given === n ? fromBefore : tf.tile(fromBefore, [1, n, 1]);
      const states = lower.run(tf.add(told, fromEmbedding), segment);
      const written = tf.reshape(output(tf.reshape(states, [segment * rows, units])), [
        segment,
        n,
        segments,
        outputs,
        features,
      ]);
      // All first numbers of an example come before all second ones.
      return tf.reshape(tf.transpose(written, [1, 3, 2, 0, 4]), [n, outputs * steps * features]);
    },
    autoregression: {
      steps,
      features,
      wordDropout: decoder.wordDropout,
      state: {
        // Steps of the segment that are written.
        clock: [1],
        conductorHidden: [conductor.units],
        conductorCell: [conductor.units],
        hidden: [units],
        cell: [units],
      },
      step(z, before, state) {
        const clock = state.clock!, isWithin = tf.minimum(clock, 1), begins = tf.sub(1, isWithin);
        const conductorBefore: LstmState = { hidden: state.conductorHidden!, cell: state.conductorCell! };
        const conductorNext = upper.step(upper.project(z), conductorBefore);
        const now = (part: keyof LstmState) =>
          tf.add(tf.mul(begins, conductorNext[part]), tf.mul(isWithin, conductorBefore[part]));
        const conductorNow: LstmState = { hidden: now("hidden"), cell: now("cell") };
        const next = lower.step(
          tf.add(lower.project(embedding(conductorNow.hidden)), projectBefore(before)),
          { hidden: tf.mul(isWithin, state.hidden!), cell: tf.mul(isWithin, state.cell!) },
        );
        const isLast = tf.relu(tf.sub(clock, segment - 2));
        return {
          output: output(next.hidden) as tf.Tensor2D,
          state: {
            clock: segment === 1 ? clock : tf.mul(tf.add(clock, 1), tf.sub(1, isLast)),
            conductorHidden: conductorNow.hidden,
            conductorCell: conductorNow.cell,
            hidden: next.hidden,
            cell: next.cell,
          },
        };
      },
    },
  };
}
