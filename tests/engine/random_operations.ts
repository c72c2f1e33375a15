import { randomStream } from "../../pipeline/base/random.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";

/** Steps made of random operations that share, split, join, move and sum tensors. */

const OPERATIONS = 24;

/** Shapes of the variables that a random step has. */
export const SHAPES = [[3, 4], [4, 3], [5], [2, 3, 4], [6, 8]];

// deno-lint-ignore no-explicit-any -- ranks differ
type T = any;
type Draw = (below: number) => number;

/** Numbers from 0 to 1. */
function constant(shape: number[]): tf.Tensor {
  return tf.tensor(Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => (i * 0.618) % 1), shape);
}

/** Adds a random operation's result to the pool. */
function grow(pool: T[], draw: Draw): void {
  const any = (): T => pool[draw(pool.length)];
  const x = any(), rank = x.rank, axis = draw(rank), last = rank - 1;
  const likeX = pool.filter((other) => tf.util.arraysEqual(other.shape, x.shape));
  const y = likeX[draw(likeX.length)];
  const operations: (() => T)[] = [
    () => tf.tanh(x),
    () => tf.sigmoid(tf.mul(x, 2)),
    () => tf.relu(tf.sub(x, 0.1)),
    () => tf.softplus(x),
    () => tf.exp(tf.tanh(tf.neg(x))),
    () => tf.leakyRelu(x, 0.3),
    () => tf.abs(x),
    () => tf.add(x, y),
    () => tf.mul(tf.tanh(x), y),
    () => tf.sub(y, tf.mean(x, axis, true)),
    () => tf.div(x, tf.add(tf.square(y), 1)),
    () => tf.maximum(x, y),
    () => tf.where(tf.greater(constant(x.shape), 0.5), tf.mul(x, 0.5), tf.neg(y)),
    () => tf.mul(x, tf.step(y)),
    () => tf.mul(x, tf.sum(y, axis, true)),
    () => tf.mul(x, tf.mean(y)),
    () => tf.concat([x, y], axis),
    () => tf.concat([y, x, x], axis),
    () => x.shape[axis] > 1 ? tf.split(x, x.shape[axis], axis)[draw(x.shape[axis])] : tf.square(x),
    () =>
      tf.slice(
        x,
        x.shape.map((side: number) => draw(side > 1 ? 2 : 1)),
        x.shape.map((side: number) => Math.max(1, side - 1)),
      ),
    () => tf.pad(x, x.shape.map(() => [draw(2), draw(3)])),
    () => tf.transpose(x),
    () => tf.transpose(x, [...Array(last).keys()].reverse().concat(last)),
    () => tf.reshape(x, [x.size]),
    () => tf.reshape(x, [1, ...x.shape]),
    () => tf.reverse(x, axis),
    // (The gradient of tfjs's own unstack fails where there is one piece.)
    () => x.shape[axis] > 1 ? tf.stack(tf.unstack(x, axis).reverse(), 0) : tf.neg(x),
    () => tf.matMul(tf.reshape(x, [-1, x.shape[last]]), tf.reshape(y, [-1, y.shape[last]]), false, true),
    () => tf.matMul(tf.reshape(x, [-1, x.shape[last]]), tf.reshape(y, [-1, y.shape[last]]), true, false),
  ];
  const result = operations[draw(operations.length)]!();
  // Neither tensors that become ever larger nor ranks that tfjs does not know.
  if (result.size <= 400 && result.rank >= 1 && result.rank <= 4) pool.push(result);
}

/** The loss of a random step: everything that was made, weighted so that each entry counts differently. */
export function randomLoss(seed: number, variables: readonly tf.Variable[], x: tf.Tensor): tf.Scalar {
  const random = randomStream(seed, "operations");
  const draw: Draw = (below) => Math.floor(random.fillUniform(new Float32Array(1))[0]! * below);
  const pool: T[] = [...variables, x];
  for (let i = 0; i < OPERATIONS; i++) grow(pool, draw);
  const terms = pool.map((value) => {
    const weights = random.fillUniform(new Float32Array(value.size)).map((u) => u - 0.3);
    return tf.mean(tf.mul(tf.tanh(tf.mul(value, 0.3)), tf.tensor(weights, value.shape)));
  });
  return tf.addN(terms) as tf.Scalar;
}
