import { normal } from "../../support.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { lstmStates } from "../../../../pipeline/vae/architectures/lstm/recurrence.ts";

const [STEPS, N, UNITS] = [5, 3, 4];

/** As tfjs's own gradients see it: one operation after the other, nothing written out. */
function unrolled(
  projections: tf.Tensor,
  recurrent: tf.Tensor,
  steps: number,
  backwards: boolean,
): tf.Tensor {
  const states: tf.Tensor[] = [];
  let hidden = tf.zeros([projections.shape[1]!, recurrent.shape[0]!]), memory: tf.Tensor = hidden;
  for (let k = 0; k < steps; k++) {
    const t = backwards ? steps - 1 - k : k;
    const projection = tf.gather(projections, projections.shape[0] === 1 ? 0 : t);
    const gates = tf.add(projection, tf.matMul(hidden as tf.Tensor2D, recurrent as tf.Tensor2D));
    const [i, f, g, o] = tf.split(gates, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    memory = tf.add(tf.mul(tf.sigmoid(f), memory), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    hidden = tf.mul(tf.sigmoid(o), tf.tanh(memory));
    states[t] = hidden;
  }
  return tf.stack(states);
}

for (const backwards of [false, true]) {
  for (const [steps, given] of [[STEPS, STEPS], [STEPS, 1], [1, 1]] as const) {
    const what = `${steps} steps ${backwards ? "backwards" : "forwards"}, ${given} projections`;
    Deno.test(`states and gradients are those of the unrolled equations: ${what}`, async () => {
      await tf.setBackend("cpu");
      tf.tidy(() => {
        const projections = tf.tensor3d(normal("projections", given * N * 4 * UNITS), [given, N, 4 * UNITS]);
        const recurrent = tf.tensor2d(normal("recurrent", UNITS * 4 * UNITS), [UNITS, 4 * UNITS]);
        const weights = tf.tensor3d(normal("weights", steps * N * UNITS), [steps, N, UNITS]);
        const results = [lstmStates, unrolled].map((run) =>
          tf.valueAndGrads((p: tf.Tensor, r: tf.Tensor) =>
            tf.sum(tf.mul(run(p, r, steps, backwards), weights))
          )(
            [projections, recurrent],
          )
        );
        const [ours, theirs] = results.map(({ value, grads }) =>
          [value, ...grads].map((tensor) => Array.from(tensor.dataSync()))
        );
        ours!.forEach((values, part) =>
          values.forEach((value, at) => {
            const expected = theirs![part]![at]!;
            assert.ok(
              Math.abs(value - expected) < 2e-5 * Math.max(1, Math.abs(expected)),
              `${value}, ${expected}`,
            );
          })
        );
      });
    });
  }
}
