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

/** @param axis of `gates` along which the four lie */
function stepFrom(gates: tf.Tensor, axis: 0 | 1, memoryBefore?: tf.Tensor): Step {
  const [first, second, third, fourth] = tf.split(gates, 4, axis) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const [i, f, g, o] = [tf.sigmoid(first), tf.sigmoid(second), tf.tanh(third), tf.sigmoid(fourth)];
  const memory = memoryBefore ? tf.add(tf.mul(f, memoryBefore), tf.mul(i, g)) : tf.mul(i, g);
  const squashed = tf.tanh(memory);
  return { i, f, g, o, memory, squashed, hidden: tf.mul(o, squashed) };
}

/**
 * One step.
 * @param projection what the input adds to the gates, [n, 4 units]
 * @param recurrent R, [units, 4 units]
 * @param before none before the first step
 */
export function lstmStep(projection: tf.Tensor, recurrent: tf.Tensor, before?: LstmState): LstmState {
  const gates = before
    ? tf.add(projection, tf.matMul(before.hidden as tf.Tensor2D, recurrent as tf.Tensor2D))
    : projection;
  return stepFrom(gates, 1, before?.memory);
}

/**
 * All steps.
 *
 * Inside, examples are columns, so that each gate is one piece of memory. Backpropagation through time is written
 * out, because most of it does not depend on the recurrence: what each gate contributes per unit of the gradients
 * of h and c is computed for all steps at once, and a step backwards is left with few operations.
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
  /** The step that is read as the k-th; and the other way round. */
  const order = Array.from({ length: steps }, (_, k) => backwards ? steps - 1 - k : k);
  const states = tf.customGrad((...args) => {
    const [projections, recurrent] = args as [tf.Tensor3D, tf.Tensor2D];
    const save = args[2] as unknown as tf.GradSaveFunc;
    const given = tf.unstack(turned(projections));
    const run: Step[] = []; // in the order of reading
    for (const t of order) {
      const projection = given[given.length === 1 ? 0 : t]!;
      const before = run.at(-1);
      const gates = before
        ? tf.add(projection, tf.matMul(recurrent, before.hidden as tf.Tensor2D, true))
        : projection;
      run.push(stepFrom(gates, 0, before?.memory));
    }
    const value = turned(tf.stack(order.map((k) => run[k]!.hidden)));
    save([recurrent, value, ...run.flatMap((step) => PARTS.map((part) => step[part]))]);
    const gradFunc = (dStates: tf.Tensor, saved: tf.Tensor[]) => {
      const [recurrent, value, ...parts] = saved as [tf.Tensor2D, tf.Tensor, ...tf.Tensor[]];
      const dStatesInTime = tf.unstack(dStates);
      const dGates = backpropagate(
        order.map((t) => tf.transpose(dStatesInTime[t]!)),
        recurrent,
        (part) => order.map((_, k) => parts[k * PARTS.length + PARTS.indexOf(part)]!),
      );
      const dProjections = turned(tf.stack(order.map((k) => dGates[k]!)));
      const nothing = tf.zerosLike(tf.slice(value, 0, 1));
      const before = steps === 1
        ? nothing
        : backwards
        ? tf.concat([tf.slice(value, 1), nothing])
        : tf.concat([nothing, tf.slice(value, 0, steps - 1)]);
      const rows = (x: tf.Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
      return [
        projections.shape[0] === 1 ? tf.sum(dProjections, 0, true) : dProjections,
        tf.matMul(rows(before), rows(dProjections), true),
      ];
    };
    return { value, gradFunc };
  });
  return states(projections, recurrent) as tf.Tensor3D;
}

/** Examples as columns instead of rows, or back. */
function turned(x: tf.Tensor): tf.Tensor3D {
  return tf.transpose(x, [0, 2, 1]) as tf.Tensor3D;
}

/** What a step backwards needs of the step forwards. */
const PARTS = ["i", "f", "g", "o", "memory", "squashed"] as const;

/**
 * From the gradients of the hidden states, [units, n] each and in the order of reading, those of the gates,
 * [4 units, n].
 */
function backpropagate(
  dHidden: readonly tf.Tensor[],
  recurrent: tf.Tensor2D,
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
  ], 1));
  const perMemory = tf.unstack(tf.mul(o, tanhSlope(squashed)));
  const forget = series("f");

  const dGates: tf.Tensor[] = [];
  let fromLater: { dHidden: tf.Tensor; dMemory: tf.Tensor } | undefined;
  for (let k = dHidden.length - 1; k >= 0; k--) {
    const dh: tf.Tensor = fromLater ? tf.add(dHidden[k]!, fromLater.dHidden) : dHidden[k]!;
    const throughHidden = tf.mul(dh, perMemory[k]!);
    const dc: tf.Tensor = fromLater ? tf.add(throughHidden, fromLater.dMemory) : throughHidden;
    const dGate = tf.mul(tf.concat([dc, dc, dc, dh], 0), perGate[k]!);
    dGates[k] = dGate;
    fromLater = {
      dHidden: tf.matMul(recurrent, dGate as tf.Tensor2D),
      dMemory: tf.mul(dc, forget[k]!),
    };
  }
  return dGates;
}
