import * as tf from "@tensorflow/tfjs";

/**
 * The recurrence of an LSTM (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000):
 *
 *     i, f, o = sigmoid, g = tanh of (projection + h' R);   c = f c' + i g;   h = o tanh(c)
 *
 * where h' and c' are the step before. The gates lie side by side as input i, forget f, candidate g, output o.
 */

/** Of one layer, both [n, units]. */
export interface LstmState {
  readonly hidden: tf.Tensor;
  readonly memory: tf.Tensor;
}

interface Step extends LstmState {
  readonly i: tf.Tensor;
  readonly f: tf.Tensor;
  readonly g: tf.Tensor;
  readonly o: tf.Tensor;
  /** tanh(c) */
  readonly squashed: tf.Tensor;
}

/**
 * One step.
 * @param projection what the input adds to the gates, [n, 4 units]
 * @param recurrent R, [units, 4 units]
 * @param before none before the first step
 */
export function lstmStep(projection: tf.Tensor, recurrent: tf.Tensor, before?: LstmState): Step {
  const gates = before
    ? tf.add(projection, tf.matMul(before.hidden as tf.Tensor2D, recurrent as tf.Tensor2D))
    : projection;
  const [first, second, third, fourth] = tf.split(gates, 4, 1) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [i, f, g, o] = [tf.sigmoid(first), tf.sigmoid(second), tf.tanh(third), tf.sigmoid(fourth)];
  const memory = before ? tf.add(tf.mul(f, before.memory), tf.mul(i, g)) : tf.mul(i, g);
  const squashed = tf.tanh(memory);
  return { i, f, g, o, memory, squashed, hidden: tf.mul(o, squashed) };
}

/**
 * All steps.
 *
 * Backpropagation through time is written out, because most of it does not depend on the recurrence: what each
 * gate contributes per unit of the gradients of h and c is computed for all steps at once, and a step backwards is
 * left with few operations.
 *
 * @param projections [steps, n, 4 units], or [1, n, 4 units] where they are the same at each step
 * @param recurrent R, [units, 4 units]
 * @param backwards whether the last step is read first
 * @returns the hidden states [steps, n, units], in the order of time
 */
export function lstmStates(
  projections: tf.Tensor,
  recurrent: tf.Tensor,
  steps: number,
  backwards = false,
): tf.Tensor3D {
  const order = Array.from({ length: steps }, (_, k) => backwards ? steps - 1 - k : k);
  const states = tf.customGrad((...args) => {
    const [projections, recurrent] = args as [tf.Tensor, tf.Tensor];
    const save = args[2] as unknown as tf.GradSaveFunc;
    const byStep = tf.unstack(projections);
    const run: Step[] = []; // in the order of reading
    for (const t of order) run.push(lstmStep(byStep[byStep.length === 1 ? 0 : t]!, recurrent, run.at(-1)));
    const parts = [...PARTS];
    save([recurrent, ...run.flatMap((step) => parts.map((part) => step[part]))]);
    const value = tf.stack(order.map((k) => run[k]!.hidden));
    const gradFunc = (dStates: tf.Tensor, saved: tf.Tensor[]) => {
      const [recurrent, ...rest] = saved as [tf.Tensor, ...tf.Tensor[]];
      const series = (part: typeof PARTS[number]) =>
        order.map((_, k) => rest[k * parts.length + parts.indexOf(part)]!);
      const dStatesInTime = tf.unstack(dStates);
      const dGates = backpropagate(order.map((t) => dStatesInTime[t]!), recurrent, series);
      const inTime = tf.stack(order.map((k) => dGates[k]!));
      const hidden = series("hidden");
      const before = tf.stack(order.map((k) => k === 0 ? tf.zerosLike(hidden[0]!) : hidden[k - 1]!));
      const rows = (x: tf.Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
      return [
        projections.shape[0] === 1 ? tf.sum(inTime, 0, true) : inTime,
        tf.matMul(rows(before), rows(inTime), true),
      ];
    };
    return { value, gradFunc };
  });
  return states(projections, recurrent) as tf.Tensor3D;
}

const PARTS = ["i", "f", "g", "o", "memory", "squashed", "hidden"] as const;

/** From the gradients of the hidden states, in the order of reading, those of the gates, [n, 4 units] each. */
function backpropagate(
  dHidden: readonly tf.Tensor[],
  recurrent: tf.Tensor,
  series: (part: typeof PARTS[number]) => tf.Tensor[],
): tf.Tensor[] {
  const [i, f, g, o, squashed] = (["i", "f", "g", "o", "squashed"] as const).map((part) =>
    tf.stack(series(part))
  ) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const memories = series("memory");
  const memoryBefore = tf.stack([tf.zerosLike(memories[0]!), ...memories.slice(0, -1)]);
  const sigmoidSlope = (y: tf.Tensor) => tf.mul(y, tf.sub(1, y));
  const tanhSlope = (y: tf.Tensor) => tf.sub(1, tf.square(y));
  // i, f and g reach the loss through c, and o through h.
  const perGate = tf.unstack(tf.concat([
    tf.mul(g, sigmoidSlope(i)),
    tf.mul(memoryBefore, sigmoidSlope(f)),
    tf.mul(i, tanhSlope(g)),
    tf.mul(squashed, sigmoidSlope(o)),
  ], 2));
  const perMemory = tf.unstack(tf.mul(o, tanhSlope(squashed)));
  const forget = series("f");

  const dGates: tf.Tensor[] = [];
  let fromLater: { dHidden: tf.Tensor; dMemory: tf.Tensor } | undefined;
  for (let k = dHidden.length - 1; k >= 0; k--) {
    const dh: tf.Tensor = fromLater ? tf.add(dHidden[k]!, fromLater.dHidden) : dHidden[k]!;
    const throughHidden = tf.mul(dh, perMemory[k]!);
    const dc: tf.Tensor = fromLater ? tf.add(throughHidden, fromLater.dMemory) : throughHidden;
    const dGate = tf.mul(tf.concat([dc, dc, dc, dh], 1), perGate[k]!);
    dGates[k] = dGate;
    fromLater = {
      dHidden: tf.matMul(dGate as tf.Tensor2D, recurrent as tf.Tensor2D, false, true),
      dMemory: tf.mul(dc, forget[k]!),
    };
  }
  return dGates;
}
