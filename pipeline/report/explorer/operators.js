import { concat, expand, gather, pad, reshape, slice, split, tile } from "./arrange.js";
import { gemm, matMul } from "./products.js";
import { blank, broadcast, broadcastStrides, offsets, pick, sizeOf, strides } from "./tensors.js";

/**
 * What the page can compute: the operators of ONNX (operator set 17) that the engine exports, one function each. Plain
 * JavaScript over typed arrays: decoding is one example at a time, where reading the weights is all the work.
 *
 * @typedef {import("./tensors.js").Tensor} Tensor
 * @typedef {import("./tensors.js").Operator} Operator
 */

/** @param {(x: number) => number} fn @returns {Operator} */
const unary = (fn) => ([x]) => {
  const { shape, data } = x, result = blank(x, data.length);
  for (let i = 0; i < data.length; i++) result[i] = fn(data[i]);
  return { shape, data: result };
};

/** @param {(a: number, b: number) => number} fn @returns {Operator} */
const binary = (fn, Result = undefined) => ([a, b]) => {
  const shape = broadcast(a.shape, b.shape), size = sizeOf(shape);
  const result = Result ? new Result(size) : blank(a, size);
  const [p, q] = [a.data, b.data];
  if (p.length === size && q.length === size) {
    for (let i = 0; i < size; i++) result[i] = fn(p[i], q[i]);
  } else if (p.length === size && isSuffix(b.shape, shape)) {
    const period = q.length;
    for (let i = 0; i < size; i++) result[i] = fn(p[i], q[i % period]);
  } else {
    const left = offsets(shape, broadcastStrides(a, shape)),
      right = offsets(shape, broadcastStrides(b, shape));
    for (let i = 0; i < size; i++) result[i] = fn(p[left[i]], q[right[i]]);
  }
  return { shape, data: result };
};

/** Whether a tensor of the shape repeats within the other, whole. */
function isSuffix(part, whole) {
  const sides = part.slice(
    part.findIndex((side) => side !== 1) < 0 ? part.length : part.findIndex((side) => side !== 1),
  );
  return sides.every((side, i) => side === whole[whole.length - sides.length + i]);
}

/** Folds along axes. @param {(sum: number, x: number) => number} fn */
function reduce(x, axes, keepdims, start, fn) {
  const rest = [...x.shape.keys()].filter((axis) => !axes.includes(axis));
  const steps = strides(x.shape), of = (list) => list.map((axis) => x.shape[axis]);
  const outer = offsets(of(rest), rest.map((axis) => steps[axis]));
  const inner = offsets(of(axes), axes.map((axis) => steps[axis]));
  const data = blank(x, outer.length);
  for (let i = 0; i < outer.length; i++) {
    let sum = start;
    for (let j = 0; j < inner.length; j++) sum = fn(sum, x.data[outer[i] + inner[j]]);
    data[i] = sum;
  }
  const shape = keepdims ? x.shape.map((side, axis) => axes.includes(axis) ? 1 : side) : of(rest);
  return { shape, data };
}

/** @type {(start: number, fn: (sum: number, x: number) => number) => Operator} */
const reduction = (start, fn) => ([x], { axes, keepdims }) => reduce(x, axes, keepdims !== 0, start, fn);

/** Position of the best entry along one axis, the first of equal ones. @returns {Operator} */
const argument = (better) => ([x], { axis, keepdims }) => {
  const step = strides(x.shape)[axis], side = x.shape[axis];
  const shape = x.shape.map((length, i) => i === axis ? 1 : length);
  const starts = offsets(shape, strides(x.shape));
  const data = Int32Array.from(starts, (start) => {
    let best = 0;
    for (let i = 1; i < side; i++) {
      if (better(x.data[start + i * step], x.data[start + best * step])) best = i;
    }
    return best;
  });
  return { shape: keepdims === 0 ? shape.filter((_, i) => i !== axis) : shape, data };
};

/** @param {(x: number, sum: number) => number} finish Of x less its maximum, and the sum of exponentials. @returns {Operator} */
const softmax = (finish) => ([x], { axis }) => {
  const step = strides(x.shape)[axis], side = x.shape[axis];
  const starts = offsets(x.shape.map((length, i) => i === axis ? 1 : length), strides(x.shape));
  const data = new Float32Array(x.data.length);
  for (const start of starts) {
    let most = -Infinity, sum = 0;
    for (let i = 0; i < side; i++) most = Math.max(most, x.data[start + i * step]);
    for (let i = 0; i < side; i++) sum += Math.exp(x.data[start + i * step] - most);
    for (let i = 0; i < side; i++) data[start + i * step] = finish(x.data[start + i * step] - most, sum);
  }
  return { shape: x.shape, data };
};

/** @type {Operator} */
function cumulate([x, axis], { exclusive, reverse }) {
  const at = axis.data[0], step = strides(x.shape)[at], side = x.shape[at];
  const data = blank(x, x.data.length);
  for (const start of offsets(x.shape.map((length, i) => i === at ? 1 : length), strides(x.shape))) {
    let sum = 0;
    for (let i = 0; i < side; i++) {
      const here = start + (reverse === 1 ? side - 1 - i : i) * step;
      if (exclusive === 1) data[here] = sum;
      sum += x.data[here];
      if (exclusive !== 1) data[here] = sum;
    }
  }
  return { shape: x.shape, data };
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
    t;
  return Math.sign(x) * (1 - poly * Math.exp(-x * x));
}

/** Half goes to the even neighbour. */
function round(x) {
  const nearest = Math.round(x);
  return Math.abs(x % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772, 1.0507009873554805];
const truth = (fn) => binary(fn, Uint8Array);

/** @type {Readonly<Record<string, Operator>>} */
export const OPERATORS = {
  Abs: unary(Math.abs),
  Ceil: unary(Math.ceil),
  Cos: unary(Math.cos),
  Elu: unary((x) => x < 0 ? Math.expm1(x) : x),
  Erf: unary(erf),
  Exp: unary(Math.exp),
  Floor: unary(Math.floor),
  HardSigmoid: ([x], { alpha = 0.2, beta = 0.5 }) =>
    unary((value) => Math.max(0, Math.min(1, alpha * value + beta)))([x]),
  LeakyRelu: ([x], { alpha = 0.01 }) => unary((value) => value < 0 ? alpha * value : value)([x]),
  Log: unary(Math.log),
  Neg: unary((x) => -x),
  Reciprocal: unary((x) => 1 / x),
  Relu: unary((x) => Math.max(0, x)),
  Round: unary(round),
  Selu: unary((x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x)),
  Sigmoid: unary(sigmoid),
  Sign: unary(Math.sign),
  Sin: unary(Math.sin),
  Softplus: unary((x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Not: unary((x) => Number(!x)),
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: ([a, b]) =>
    binary(a.data instanceof Float32Array ? (p, q) => p / q : (p, q) => Math.trunc(p / q))([a, b]),
  Max: binary(Math.max),
  Min: binary(Math.min),
  Pow: binary(Math.pow),
  Equal: truth((a, b) => Number(a === b)),
  Less: truth((a, b) => Number(a < b)),
  LessOrEqual: truth((a, b) => Number(a <= b)),
  Greater: truth((a, b) => Number(a > b)),
  GreaterOrEqual: truth((a, b) => Number(a >= b)),
  And: truth((a, b) => Number(a && b)),
  Or: truth((a, b) => Number(a || b)),
  ReduceMax: reduction(-Infinity, Math.max),
  ReduceMin: reduction(Infinity, Math.min),
  ReduceProd: reduction(1, (a, b) => a * b),
  ReduceSum: ([x, axes], { keepdims }) =>
    reduce(x, Array.from(axes.data), keepdims !== 0, 0, (a, b) => a + b),
  ArgMax: argument((a, b) => a > b),
  ArgMin: argument((a, b) => a < b),
  Cast: ([{ shape, data }], { to }) => ({
    shape,
    data: to === 1
      ? Float32Array.from(data)
      : to === 9
      ? Uint8Array.from(data, (x) => Number(x !== 0))
      : Int32Array.from(data, Math.trunc),
  }),
  Concat: concat,
  CumSum: cumulate,
  Expand: expand,
  Gather: gather,
  Gemm: gemm,
  Identity: ([x]) => x,
  IsNaN: ([{ shape, data }]) => ({ shape, data: Uint8Array.from(data, (x) => Number(Number.isNaN(x))) }),
  LogSoftmax: softmax((x, sum) => x - Math.log(sum)),
  MatMul: matMul,
  Pad: pad,
  Reshape: reshape,
  Shape: ([{ shape }], { start = 0, end = shape.length }) => {
    const sides = shape.slice(start, end);
    return { shape: [sides.length], data: Int32Array.from(sides) };
  },
  Slice: slice,
  Softmax: softmax((x, sum) => Math.exp(x) / sum),
  Split: split,
  Tile: tile,
  Transpose: ([x], { perm }) => {
    const steps = strides(x.shape), shape = perm.map((axis) => x.shape[axis]);
    return pick(x, shape, offsets(shape, perm.map((axis) => steps[axis])));
  },
  Where: ([mask, a, b]) => {
    const shape = broadcast(mask.shape, broadcast(a.shape, b.shape));
    const [m, p, q] = [mask, a, b].map((x) => offsets(shape, broadcastStrides(x, shape)));
    const data = blank(a, m.length);
    for (let i = 0; i < m.length; i++) data[i] = mask.data[m[i]] ? a.data[p[i]] : b.data[q[i]];
    return { shape, data };
  },
};
