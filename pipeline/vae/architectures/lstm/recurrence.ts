import * as tf from "@tensorflow/tfjs";

/**
 * The recurrence of an LSTM (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000):
 *
 *     i, f, o = sigmoid, g = tanh of (projection + h' R);   c = f c' + i g;   h = o tanh(c)
 *
 * where h' and c' are the step before. The gates lie side by side as input i, forget f, candidate g, output o.
 */

/** What a layer hands from one step to the next, both [n, units]: h and c. */
export interface LstmState {
  readonly hidden: tf.Tensor;
  readonly cell: tf.Tensor;
}

interface Step extends LstmState {
  readonly i: tf.Tensor;
  readonly f: tf.Tensor;
  readonly g: tf.Tensor;
  readonly o: tf.Tensor;
  /** tanh(c) */
  readonly tanhCell: tf.Tensor;
}

/**
 * One step, with the gates kept for the way back.
 *
 * @param axis along which the four gates lie in what is added to them
 * @param projection what the input adds to the gates
 * @param recurrence what the hidden state before adds to them, h' R
 * @param cellBefore c'
 */
function stepFrom(axis: 0 | 1, projection: tf.Tensor, recurrence?: tf.Tensor, cellBefore?: tf.Tensor): Step {
  // Gates are taken apart before they are added up: a piece of a tensor costs nothing, and a sum by gate is part of
  // what is made of it.
  const [fromInput, fromHidden] = [projection, recurrence].map((x) => x && tf.split(x, 4, axis));
  const gate = (index: number) =>
    fromHidden ? tf.add(fromInput![index]!, fromHidden[index]!) : fromInput![index]!;
  const i = tf.sigmoid(gate(0)), f = tf.sigmoid(gate(1)), g = tf.tanh(gate(2)), o = tf.sigmoid(gate(3));
  const cell = cellBefore ? tf.add(tf.mul(f, cellBefore), tf.mul(i, g)) : tf.mul(i, g);
  const tanhCell = tf.tanh(cell);
  return { i, f, g, o, cell, tanhCell, hidden: tf.mul(o, tanhCell) };
}

/**
 * Takes one step.
 *
 * @param projection what the input adds to the gates, [n, 4 units]
 * @param recurrent R, [units, 4 units]
 * @param before none before the first step
 */
export function lstmStep(projection: tf.Tensor, recurrent: tf.Tensor, before?: LstmState): LstmState {
  const recurrence = before && tf.matMul(before.hidden as tf.Tensor2D, recurrent as tf.Tensor2D);
  return stepFrom(1, projection, recurrence, before?.cell);
}

/**
 * Takes all steps.
 *
 * Inside, examples are columns, so that each gate is one piece of memory. Backpropagation through time is written
 * out: the gradient of R is one product over all steps, and a step backwards is one product and one pass.
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
    const projected = tf.unstack(turned(projections));
    const run: Step[] = []; // in the order of reading
    for (const t of order) {
      const projection = projected[projected.length === 1 ? 0 : t]!;
      const before = run.at(-1);
      const recurrence = before && tf.matMul(recurrent, before.hidden as tf.Tensor2D, true);
      run.push(stepFrom(0, projection, recurrence, before?.cell));
    }
    const value = turned(tf.stack(order.map((k) => run[k]!.hidden)));
    save([recurrent, value, ...run.flatMap((step) => KEPT.map((part) => step[part]))]);
    const gradFunc = (dStates: tf.Tensor, saved: tf.Tensor[]) => {
      const [recurrent, value, ...parts] = saved as [tf.Tensor2D, tf.Tensor, ...tf.Tensor[]];
      const dStatesInTime = tf.unstack(dStates);
      const dGates = backpropagate(
        order.map((t) => tf.transpose(dStatesInTime[t]!)),
        recurrent,
        order.map((_, k) => savedStep(parts.slice(k * KEPT.length, (k + 1) * KEPT.length))),
      );
      const series = tf.stack(order.map((k) => dGates[k]!));
      const dProjections = turned(series);
      const nothing = tf.zerosLike(tf.slice(value, 0, 1));
      const before = steps === 1
        ? nothing
        : backwards
        ? tf.concat([tf.slice(value, 1), nothing])
        : tf.concat([nothing, tf.slice(value, 0, steps - 1)]);
      const rows = (x: tf.Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]) as tf.Tensor2D;
      return [
        projections.shape[0] === 1 ? turned(tf.sum(series, 0, true)) : dProjections,
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
const KEPT = ["i", "f", "g", "o", "cell", "tanhCell"] as const;

type SavedStep = Readonly<Record<typeof KEPT[number], tf.Tensor>>;

function savedStep(parts: readonly tf.Tensor[]): SavedStep {
  return Object.fromEntries(KEPT.map((part, i) => [part, parts[i]!])) as SavedStep;
}

/**
 * The gradients of the gates, [4 units, n] each, from those of the hidden states, [units, n], in the order of reading.
 */
function backpropagate(
  dHidden: readonly tf.Tensor[],
  recurrent: tf.Tensor2D,
  run: readonly SavedStep[],
): tf.Tensor[] {
  const throughSigmoid = (d: tf.Tensor, y: tf.Tensor) => tf.mul(d, tf.mul(y, tf.sub(1, y)));
  const throughTanh = (d: tf.Tensor, y: tf.Tensor) => tf.mul(d, tf.sub(1, tf.square(y)));
  const dGates: tf.Tensor[] = [];
  let fromLater: { dHidden: tf.Tensor; dCell: tf.Tensor } | undefined;
  for (let k = dHidden.length - 1; k >= 0; k--) {
    const { i, f, g, o, tanhCell } = run[k]!;
    const cellBefore = run[k - 1]?.cell ?? tf.zerosLike(f);
    const dh: tf.Tensor = fromLater ? tf.add(dHidden[k]!, fromLater.dHidden) : dHidden[k]!;
    const throughHidden = throughTanh(tf.mul(dh, o), tanhCell);
    const dc: tf.Tensor = fromLater ? tf.add(throughHidden, fromLater.dCell) : throughHidden;
    const dGate = tf.concat([
      throughSigmoid(tf.mul(dc, g), i),
      throughSigmoid(tf.mul(dc, cellBefore), f),
      throughTanh(tf.mul(dc, i), g),
      throughSigmoid(tf.mul(dh, tanhCell), o),
    ], 0);
    dGates[k] = dGate;
    fromLater = { dHidden: tf.matMul(recurrent, dGate as tf.Tensor2D), dCell: tf.mul(dc, f) };
  }
  return dGates;
}
