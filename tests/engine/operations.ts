import { randomStream } from "../../pipeline/base/random.ts";
import { tf } from "../../pipeline/engine/tfjs.ts";

/** Every operation that the engines know, each as a function of variables. */

export interface Case {
  /** Shapes of the operands, each a variable. */
  readonly shapes: readonly number[][];
  // deno-lint-ignore no-explicit-any -- ranks differ from case to case
  readonly fn: (...operands: any[]) => tf.Tensor;
  /** Where operands are drawn from. Default: [-2, 2]. */
  readonly range?: readonly [number, number];
  /** The operation has no gradient, in tfjs at least, or none of use. */
  readonly valuesOnly?: true;
  /** tfjs's `cpu` backend computes the gradient wrongly. */
  readonly wrongInTfjs?: boolean;
}

const on = (fn: Case["fn"], ...shapes: number[][]): Case => ({ shapes, fn });
const within = (range: [number, number], each: Case): Case => ({ ...each, range });
const valuesOnly = (each: Case): Case => ({ ...each, valuesOnly: true });

// deno-lint-ignore no-explicit-any
type T = any;
const unary = (fn: Case["fn"]) => on(fn, [3, 5]);
const binary = (fn: Case["fn"]) => on(fn, [3, 5], [3, 5]);
const positive: [number, number] = [0.5, 3];
const mask = tf.tensor2d(Array.from({ length: 15 }, (_, i) => i % 3 === 0 ? 0 : 1.5), [3, 5]);
const indices = tf.tensor1d([2, 0, 1, 1], "int32");

export const CASES: Record<string, Case> = {
  // arithmetic and broadcasting
  add: binary(tf.add),
  "add, a row": on(tf.add, [3, 5], [5]),
  "add, a column": on(tf.add, [3, 5], [3, 1]),
  "add, a scalar": on(tf.add, [3, 5], []),
  "add, one number of rank 2": on(tf.add, [1, 1], [4]),
  "add, outer": on(tf.add, [3, 1], [1, 5]),
  addN: on((a, b, c) => tf.addN([a, b, c]), [3, 5], [3, 5], [3, 5]),
  sub: on(tf.sub, [3, 5], [5]),
  mul: on(tf.mul, [3, 5], [3, 1]),
  "mul by constants": unary((x) => tf.mul(tf.mul(tf.mul(x, 3), -1), 0.5)),
  div: within(positive, on(tf.div, [3, 5], [5])),
  "div by a constant": unary((x) => tf.div(x, 7)),
  floorDiv: valuesOnly(within([1, 9], binary(tf.floorDiv))),
  maximum: binary(tf.maximum),
  minimum: binary(tf.minimum),
  pow: within(positive, binary(tf.pow)),
  squaredDifference: binary(tf.squaredDifference),
  "x + (-y), (-y) + x, x - (-y)": binary((x: T, y: T) =>
    tf.mul(tf.mul(tf.add(x, tf.neg(y)), tf.add(tf.neg(y), x)), tf.sub(x, tf.neg(y)))
  ),
  // comparison, choice
  "greater and select": binary((x: T, y: T) => tf.where(tf.greater(mask, 1), tf.mul(x, 2), tf.mul(y, y))),
  "select by what is computed": valuesOnly(
    binary((x: T, y: T) => tf.where(tf.greater(x, y), x, tf.mul(y, y))),
  ),
  "comparisons": valuesOnly(binary((x: T, y: T) =>
    tf.addN([
      tf.less(x, y),
      tf.lessEqual(x, y),
      tf.greaterEqual(x, y),
      tf.equal(x, x),
      tf.notEqual(x, y),
      tf.logicalAnd(tf.less(x, 0), tf.less(y, 0)),
      tf.logicalOr(tf.less(x, 0), tf.less(y, 0)),
      tf.logicalNot(tf.less(x, y)),
      tf.isNaN(x),
    ].map((c, i) => tf.mul(tf.cast(c, "float32"), 2 ** i)))
  )),
  // functions of one number
  abs: unary(tf.abs),
  ceil: valuesOnly(unary(tf.ceil)),
  cos: unary(tf.cos),
  erf: unary(tf.erf),
  exp: unary(tf.exp),
  expm1: unary(tf.expm1),
  "expm1 of small numbers": within([-1e-4, 1e-4], unary((x) => tf.mul(tf.expm1(x), 1e4))),
  floor: valuesOnly(unary(tf.floor)),
  log: within(positive, unary(tf.log)),
  log1p: within([-0.5, 3], unary(tf.log1p)),
  "log1p of small numbers": within([-1e-4, 1e-4], unary((x) => tf.mul(tf.log1p(x), 1e4))),
  neg: unary(tf.neg),
  reciprocal: within(positive, unary(tf.reciprocal)),
  round: valuesOnly(unary(tf.round)),
  rsqrt: within(positive, unary(tf.rsqrt)),
  sign: valuesOnly(unary(tf.sign)),
  sin: unary(tf.sin),
  sqrt: within(positive, unary(tf.sqrt)),
  square: unary(tf.square),
  clipByValue: unary((x: T) => tf.clipByValue(x, -1, 1)),
  // activations
  relu: unary(tf.relu),
  relu6: within([-3, 9], unary(tf.relu6)),
  elu: unary(tf.elu),
  selu: unary(tf.selu),
  sigmoid: unary(tf.sigmoid),
  "sigmoid far out": within([-80, 80], unary(tf.sigmoid)),
  softplus: unary(tf.softplus),
  "softplus far out": within([-80, 80], unary(tf.softplus)),
  tanh: unary(tf.tanh),
  step: valuesOnly(unary((x: T) => tf.step(x))),
  "step with a slope": valuesOnly(unary((x: T) => tf.step(x, 0.5))),
  leakyRelu: unary((x: T) => tf.leakyRelu(x, 0.1)),
  prelu: on((x, alpha) => tf.prelu(x, alpha), [3, 5], [5]),
  gelu: unary((x: T) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1))),
  "gelu by tanh": unary((x: T) =>
    tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(tf.mul(tf.add(x, tf.mul(tf.pow(x, 3), 0.044715)), 0.79788)), 1))
  ),
  swish: unary((x: T) => tf.mul(x, tf.sigmoid(x))),
  softmax: unary((x: T) => tf.softmax(x)),
  logSoftmax: unary((x: T) => tf.logSoftmax(x)),
  // reductions
  "sum of all": unary((x) => tf.sum(x)),
  "sum of rows": unary((x) => tf.sum(x, 1)),
  "sum, keeping axes": on((x) => tf.sum(x, [0, 2], true), [2, 3, 4]),
  "mean of all": unary((x) => tf.mean(x)),
  "mean of columns": unary((x) => tf.mean(x, 0)),
  max: unary((x) => tf.max(x, 1)),
  min: unary((x) => tf.min(x, 0)),
  prod: valuesOnly(unary((x: T) => tf.prod(x, 1))),
  logSumExp: unary((x) => tf.logSumExp(x, 1)),
  "all, any": valuesOnly(
    unary((x: T) =>
      tf.add(
        tf.cast(tf.all(tf.less(x, 1), 1), "float32"),
        tf.mul(tf.cast(tf.any(tf.less(x, -1), 1), "float32"), 2),
      )
    ),
  ),
  "argMax, argMin": valuesOnly(
    unary((x: T) => tf.cast(tf.add(tf.argMax(x, 1), tf.mul(tf.argMin(x, 1), 10)), "float32")),
  ),
  cumsum: unary((x: T) => tf.cumsum(x, 1)),
  "cumsum, exclusive and reverse": unary((x: T) => tf.cumsum(x, 1, true, true)),
  norm: unary((x) => tf.norm(x)),
  moments: unary((x) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.add(mean, variance);
  }),
  // moving entries
  reshape: unary((x) => tf.reshape(x, [5, -1])),
  transpose: on((x) => tf.transpose(x, [2, 0, 1]), [2, 3, 4]),
  "transpose of a row": on((x) => tf.mul(tf.transpose(x), [[1], [2], [3]]), [1, 3]),
  expandDims: unary((x) => tf.expandDims(x, -1)),
  squeeze: on((x) => tf.squeeze(x), [1, 3, 1]),
  concat: on((a, b) => tf.concat([a, b], 1), [3, 2], [3, 4]),
  "concat after split": unary((x) => tf.concat(tf.split(x, [1, 3, 1], 1), 1)),
  stack: on((a, b) => tf.stack([a, b], 1), [3, 2], [3, 2]),
  unstack: on((x) => tf.unstack(x, 1).reduce((a, b) => tf.mul(tf.tanh(a), b)), [2, 3, 4]),
  split: on((x) => {
    const [a, b] = tf.split(x, [2, 4], 1) as [T, T];
    return tf.add(tf.sum(tf.square(a), 1), tf.sum(b, 1));
  }, [3, 6]),
  slice: on((x) => tf.slice(x, [1, 0, 2], [1, -1, 2]), [2, 3, 4]),
  stridedSlice: valuesOnly(on((x) => tf.stridedSlice(x, [0, 4], [3, 0], [2, -2]), [3, 5])),
  pad: on((x) => tf.pad(x, [[1, 0], [2, 3]], 0.5), [3, 2]),
  tile: on((x) => tf.tile(x, [2, 3]), [2, 2]),
  "tile of a row": on((x) => tf.square(tf.tile(x, [4, 1])), [1, 3]),
  broadcastTo: on((x) => tf.square(tf.broadcastTo(x, [4, 3])), [1, 3]),
  reverse: on((x) => tf.reverse(x, [0, 1]), [3, 2]),
  gather: valuesOnly(on((x) => tf.gather(x, indices, 0), [3, 2])),
  oneHot: on((x) => tf.mul(tf.oneHot(indices, 3), x), [3]),
  "zerosLike, onesLike, fill, range": on(
    (x) =>
      tf.add(tf.mul(x, tf.range(0, 3)), tf.add(tf.onesLike(x), tf.add(tf.zerosLike(x), tf.fill([3], 2)))),
    [2, 3],
  ),
  "dropout with a mask that is passed in": unary((x: T) => tf.mul(x, mask)),
  // products
  matMul: on((a, b) => tf.matMul(a, b), [3, 4], [4, 5]),
  "matMul, both transposed": on((a, b) => tf.matMul(a, b, true, true), [4, 3], [5, 4]),
  "matMul of transposes": on((a, b) => tf.matMul(tf.transpose(a), tf.transpose(b)), [4, 3], [5, 4]),
  "matMul over one number": on((a, b) => tf.matMul(a, b), [3, 1], [1, 5]),
  "matMul of batches": on((a, b) => tf.matMul(a, b), [2, 3, 4], [2, 4, 5]),
  "matMul of batches, both transposed": on((a, b) => tf.matMul(a, b, true, true), [2, 4, 3], [2, 5, 4]),
  // [batch, steps, heads, width] to [batch, heads, steps, steps], as attention does.
  "matMul of batches of heads": on(
    (a, b) => tf.matMul(tf.transpose(a, [0, 2, 1, 3]), tf.transpose(b, [0, 2, 3, 1])),
    [2, 5, 3, 4],
    [2, 6, 3, 4],
  ),
  "matMul of a batch and a matrix": valuesOnly(
    on((a, b) => tf.matMul(a, tf.expandDims(b)), [2, 3, 4], [4, 5]),
  ),
  // Few rows: computed turned around, with the larger operand on the left.
  "matMul, few rows": on((a, b) => tf.matMul(a, b), [2, 16], [16, 16]),
  "matMul, few rows and bias": on((a, b, c) => tf.relu(tf.add(tf.matMul(a, b), c)), [2, 16], [16, 16], [16]),
  "matMul, few rows and a matrix": on(
    (a, b, c) => tf.add(tf.matMul(a, b), c),
    [2, 16],
    [16, 16],
    [2, 16],
  ),
  "matMul, few rows that are columns": on((a, b) => tf.matMul(a, b, true, true), [16, 2], [16, 16]),
  "matMul, few rows through the same weights in both directions": on(
    (x: T, w: T, b: T) => {
      for (let step = 0; step < 4; step++) {
        x = tf.sigmoid(tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x, w), b)), w, false, true), b));
      }
      return x;
    },
    [2, 16],
    [16, 16],
    [16],
  ),
  "matMul, few columns through the same weights in both directions": on(
    (x: T, w: T, b: T) => {
      for (let step = 0; step < 4; step++) {
        x = tf.sigmoid(tf.add(tf.matMul(w, tf.tanh(tf.add(tf.matMul(w, x, true), b))), b));
      }
      return x;
    },
    [16, 2],
    [16, 16],
    [16, 1],
  ),
  "matMul with bias": on((a, b, c) => tf.add(tf.matMul(a, b), c), [3, 4], [4, 5], [5]),
  "sums of products": on(
    (a, b, c) => [a, b, c].reduce((sum, x) => tf.add(sum, tf.matMul(x, tf.matMul(a, b))), tf.matMul(b, a)),
    [3, 3],
    [3, 3],
    [3, 3],
  ),
  "a weight used at many time steps": on(
    (x, w, b) => {
      let h = tf.zeros([2, 3]) as T;
      for (const step of tf.unstack(x) as T[]) h = tf.tanh(tf.add(tf.add(step, tf.matMul(h, w)), b));
      return h;
    },
    [5, 2, 3],
    [3, 3],
    [3],
  ),
  dot: on((a, b) => tf.dot(a, b), [4], [4]),
  "fused matMul": on(
    (a, b, bias) => tf.fused.matMul({ a, b, bias, activation: "sigmoid" }),
    [3, 4],
    [4, 5],
    [5],
  ),
  // normalisation
  batchNorm: on(
    (x, mean, scale, offset) => tf.batchNorm(x, mean, tf.tensor1d([1, 2, 3, 4]), offset, scale, 1e-3),
    [3, 4],
    [4],
    [4],
    [4],
  ),
  "batch normalisation by the batch's statistics": on(
    (x, scale, offset) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean as T, variance as T, offset, scale);
    },
    [2, 3, 2, 4],
    [4],
    [4],
  ),
  "layer normalisation": on(
    (x, scale, offset) => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), scale), offset);
    },
    [3, 6],
    [6],
    [6],
  ),
  "LSTM cell": on(
    (x, h, c, kernel, bias) => {
      const [nextC, nextH] = tf.basicLSTMCell(tf.scalar(1), kernel, bias, x, c, h);
      return tf.add(nextC, nextH);
    },
    [2, 3],
    [2, 4],
    [2, 4],
    [7, 16],
    [16],
  ),
  // losses
  "mean squared error": binary((x: T, y: T) => tf.losses.meanSquaredError(x, y)),
  "absolute difference": binary((x: T, y: T) => tf.losses.absoluteDifference(x, y)),
  huber: binary((x: T, y: T) => tf.losses.huberLoss(x, y)),
  "sigmoid cross-entropy": on(
    (x) => tf.losses.sigmoidCrossEntropy(tf.cast(tf.greater(mask, 1), "float32"), x),
    [3, 5],
  ),
  "softmax cross-entropy": on((x) => tf.losses.softmaxCrossEntropy(tf.oneHot(indices, 5), x), [4, 5]),
};

// Convolutions and pools of every kind of kernel, stride and padding.
for (const padding of ["same", "valid"] as const) {
  for (
    const [kernel, stride] of [[1, 1], [1, 2], [2, 1], [2, 2], [3, 1], [3, 2], [4, 2], [5, 3], [
      2,
      3,
    ]] as const
  ) {
    const how = `${kernel}x${kernel}, stride ${stride}, ${padding}`;
    CASES[`conv2d ${how}`] = on(
      (x, f) => tf.conv2d(x, f, stride, padding),
      [2, 7, 6, 3],
      [kernel, kernel, 3, 4],
    );
    const [height, width] = padding === "same"
      ? [3 * stride, 2 * stride]
      : [2 * stride + Math.max(kernel, stride), stride + Math.max(kernel, stride)];
    for (const channels of [1, 17]) {
      CASES[`conv2dTranspose to ${channels}, ${how}`] = on(
        (x, f) => tf.conv2dTranspose(x, f, [2, height, width, channels], stride, padding),
        [2, 3, 2, 3],
        [kernel, kernel, channels, 3],
      );
    }
    if (kernel > 1) {
      CASES[`maxPool ${how}`] = on((x) => tf.maxPool(x, kernel, stride, padding), [2, 7, 6, 3]);
      CASES[`avgPool ${how}`] = {
        ...on((x) => tf.avgPool(x, kernel, stride, padding), [2, 7, 6, 3]),
        // tfjs 4.22 divides by the whole window where some of it is padding, forwards it does not.
        wrongInTfjs: padding === "same",
      };
    }
  }
}
Object.assign(CASES, {
  "conv2d, unequal sides and strides": on(
    (x, f) => tf.conv2d(x, f, [2, 1], "same"),
    [2, 7, 6, 3],
    [3, 2, 3, 4],
  ),
  "conv2d, explicit padding": on((x, f) => tf.conv2d(x, f, 2, 1, "NHWC", 1, "floor"), [2, 7, 6, 3], [
    3,
    3,
    3,
    4,
  ]),
  "conv2d, dilated": valuesOnly(
    on((x, f) => tf.conv2d(x, f, 1, "same", "NHWC", 2), [2, 7, 6, 3], [3, 3, 3, 4]),
  ),
  "conv2d, wide": on((x, f) => tf.conv2d(x, f, 1, "same"), [2, 5, 4, 20], [3, 3, 20, 6]),
  conv1d: on((x, f) => tf.conv1d(x, f, 2, "same"), [2, 9, 3], [4, 3, 5]),
  "fused conv2d": on(
    (x, f, bias) => tf.fused.conv2d({ x, filter: f, strides: 1, pad: "same", bias, activation: "relu" }),
    [2, 5, 4, 3],
    [3, 3, 3, 4],
    [4],
  ),
  "maxPool of equal numbers": on((x) => tf.maxPool(tf.relu(tf.sub(x, 1)) as T, 2, 2, "valid"), [1, 4, 4, 2]),
});

/** The loss of a case: its result, weighted so that every entry counts differently. */
export function weighted(y: tf.Tensor, name: string): tf.Scalar {
  const weights = randomStream(2, name).fillUniform(new Float32Array(y.size));
  return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
}
