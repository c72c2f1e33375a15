import * as tf from "@tensorflow/tfjs";
import type { Shape } from "../../../base/shape.ts";
import type { Layer } from "../../layer.ts";
import type { Variables } from "../../variables.ts";
import type { Encoder } from "../architecture.ts";
import { lstmCell, readSequence, timeAxes } from "./cell.ts";
import type { LstmModel } from "./schema.ts";

/** Stacked LSTMs; the last states, of both directions where there are two, go on to the posterior. */
export function lstmEncoder(
  variables: Variables,
  { units, layers, direction }: LstmModel["encoder"],
  inputShape: Shape,
): Encoder {
  const { steps, features } = timeAxes(inputShape);
  const bidirectional = direction === "bidirectional";
  const width = bidirectional ? 2 * units : units;
  const stack = Array.from({ length: layers }, (_, i) => {
    const inputs = i === 0 ? features : width;
    return {
      forward: lstmCell(variables, `encoder/lstm${i + 1}/forward`, inputs, units),
      backward: bidirectional
        ? lstmCell(variables, `encoder/lstm${i + 1}/backward`, inputs, units)
        : undefined,
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
        const last = statesOf(ahead).at(-1)!;
        return back ? tf.concat([last, statesOf(back)[0]!], 1) : last;
      }
      sequence = tf.reshape(back ? tf.concat([ahead, back], 2) : ahead, [steps * n, width]);
    }
    throw new RangeError("Cannot encode: an LSTM has at least one layer");
  };
  return { hidden, width };
}

/** The states of a sequence one by one. (The gradient of tfjs's own unstack fails where there is one piece.) */
function statesOf(sequence: tf.Tensor3D): tf.Tensor[] {
  const [steps, n, units] = sequence.shape;
  return steps === 1 ? [tf.reshape(sequence, [n, units])] : tf.unstack(sequence);
}
