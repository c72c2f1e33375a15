/**
 * What the page can compute: the operators of ONNX (operator set 17) that the engine exports, one function each. Plain
 * JavaScript over typed arrays: decoding is one example at a time, where reading the weights is all the work.
 *
 * @typedef {object} Tensor
 * @property {readonly number[]} shape
 * @property {Float32Array | Int32Array | Uint8Array} data Numbers, whole numbers, truth values; in C order.
 *
 * @typedef {Readonly<Record<string, number | string | readonly number[]>>} Attributes
 * @typedef {(inputs: Tensor[], attributes: Attributes, outputs: number) => Tensor | Tensor[]} Operator
 */

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((size, side) => size * side, 1);

/** How far apart neighbours along each axis lie. @param {readonly number[]} shape */
function strides(shape) {
  const result = Array(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]) result[axis] = step;
  return result;
}

/** @param {readonly number[]} a @param {readonly number[]} b */
function broadcast(a, b) {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1, q = b[i - rank + b.length] ?? 1;
    return p === 1 ? q : p;
  });
}

/**
 * Where each entry of a tensor lies in another: the offsets of `shape`'s entries, by the strides along its axes.
 * @param {readonly number[]} shape @param {readonly number[]} steps @param {number} start
 */
function offsets(shape, steps, start = 0) {
  let list = Int32Array.of(start);
  for (let axis = 0; axis < shape.length; axis++) {
    const side = shape[axis], step = steps[axis];
    const next = new Int32Array(list.length * side);
    for (let i = 0, to = 0; i < list.length; i++) {
      for (let j = 0; j < side; j++) next[to++] = list[i] + j * step;
    }
    list = next;
  }
  return list;
}

/** The strides with which a tensor is read as if it had `shape`. */
function broadcastStrides({ shape: own }, shape) {
  const steps = strides(own);
  return shape.map((_, axis) => {
    const at = axis - shape.length + own.length;
    return at < 0 || own[at] === 1 ? 0 : steps[at];
  });
}

const blank = ({ data }, length) => new data.constructor(length);

/** @param {Tensor} tensor @param {Int32Array} from */
function pick({ data }, shape, from) {
  const result = new data.constructor(from.length);
  for (let i = 0; i < from.length; i++) result[i] = data[from[i]];
  return { shape, data: result };
}

/** @param {(x: number) => number} fn @returns {Operator} */
const unary = (fn) => ([{ shape, data }]) => {
  const result = new data.constructor(data.length);
  for (let i = 0; i < data.length; i++) result[i] = fn(data[i]);
  return { shape, data: result };
};

/** @param {(a: number, b: number) => number} fn @returns {Operator} */
const binary = (fn, Result) => ([a, b]) => {
  const shape = broadcast(a.shape, b.shape), size = sizeOf(shape);
  const result = new (Result ?? a.data.constructor)(size);
  const [p, q] = [a.data, b.data];
  if (p.length === size && q.length === size) {
    for (let i = 0; i < size; i++) result[i] = fn(p[i], q[i]);
  } else if (p.length === size && isSuffix(b.shape, shape)) {
    const period = q.length;
    for (let i = 0; i < size; i++) result[i] = fn(p[i], q[i % period]);
  } else {
    const left = offsets(shape, broadcastStrides(a, shape)), right = offsets(shape, broadcastStrides(b, shape));
    for (let i = 0; i < size; i++) result[i] = fn(p[left[i]], q[right[i]]);
  }
  return { shape, data: result };
};

/** Whether a tensor of the shape repeats within the other, whole. */
function isSuffix(part, whole) {
  const sides = part.slice(part.findIndex((side) => side !== 1) < 0 ? part.length : part.findIndex((side) => side !== 1));
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

const reduction = (start, fn) => ([x], { axes, keepdims }) => reduce(x, axes, keepdims !== 0, start, fn);

/** Position of the best entry along one axis, the first of equal ones. @returns {Operator} */
const argument = (better) => ([x], { axis, keepdims }) => {
  const step = strides(x.shape)[axis], side = x.shape[axis];
  const shape = x.shape.map((length, i) => i === axis ? 1 : length);
  const starts = offsets(shape, strides(x.shape));
  const data = Int32Array.from(starts, (start) => {
    let best = 0;
    for (let i = 1; i < side; i++) if (better(x.data[start + i * step], x.data[start + best * step])) best = i;
    return best;
  });
  return { shape: keepdims === 0 ? shape.filter((_, i) => i !== axis) : shape, data };
};

/** @param {(values: Float32Array, maximum: number, sum: number) => void} write @returns {Operator} */
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

/**
 * out [m, n] += a [m, k] b [k, n], where the steps say how a and b lie. A row of b that lies in one piece is added to a
 * row of the result at once, four at a time; one that does not is a dot product.
 */
function product(m, k, n, a, aAt, aRow, aColumn, b, bAt, bRow, bColumn, out, outAt) {
  if (bColumn === 1) {
    for (let i = 0; i < m; i++) {
      const to = outAt + i * n, from = aAt + i * aRow;
      let j = 0;
      for (; j + 4 <= k; j += 4) {
        const p = a[from + j * aColumn], q = a[from + (j + 1) * aColumn];
        const r = a[from + (j + 2) * aColumn], s = a[from + (j + 3) * aColumn];
        if (p === 0 && q === 0 && r === 0 && s === 0) continue;
        const b0 = bAt + j * bRow, b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
        for (let l = 0; l < n; l++) out[to + l] += p * b[b0 + l] + q * b[b1 + l] + r * b[b2 + l] + s * b[b3 + l];
      }
      for (; j < k; j++) {
        const p = a[from + j * aColumn], row = bAt + j * bRow;
        for (let l = 0; l < n; l++) out[to + l] += p * b[row + l];
      }
    }
    return;
  }
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < n; l++) {
      let sum = 0, from = aAt + i * aRow, column = bAt + l * bColumn;
      for (let j = 0; j < k; j++, from += aColumn, column += bRow) sum += a[from] * b[column];
      out[outAt + i * n + l] += sum;
    }
  }
}

/** @type {Operator} */
function gemm([a, b, c], { transA, transB }) {
  const [m, k] = transA === 1 ? [a.shape[1], a.shape[0]] : a.shape;
  const n = transB === 1 ? b.shape[0] : b.shape[1];
  const shape = [m, n];
  const data = c ? pick(c, shape, offsets(shape, broadcastStrides(c, shape))).data : new Float32Array(m * n);
  const [aRow, aColumn] = transA === 1 ? [1, m] : [k, 1];
  const [bRow, bColumn] = transB === 1 ? [1, k] : [n, 1];
  product(m, k, n, a.data, 0, aRow, aColumn, b.data, 0, bRow, bColumn, data, 0);
  return { shape, data };
}

/** @type {Operator} */
function matMul([a, b]) {
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const [m, k] = a.shape.slice(-2), n = b.shape.at(-1);
  const left = broadcastStrides({ shape: a.shape.slice(0, -2) }, batch);
  const right = broadcastStrides({ shape: b.shape.slice(0, -2) }, batch);
  const [p, q] = [offsets(batch, left), offsets(batch, right)];
  const data = new Float32Array(p.length * m * n);
  for (let i = 0; i < p.length; i++) {
    product(m, k, n, a.data, p[i] * m * k, k, 1, b.data, q[i] * k * n, n, 1, data, i * m * n);
  }
  return { shape: [...batch, m, n], data };
}

/** A part of x, whose axes may be walked backwards. @type {Operator} */
function slice([x, starts, ends, axes, steps]) {
  const shape = [...x.shape], by = strides(x.shape);
  let start = 0;
  axes.data.forEach((axis, i) => {
    const side = x.shape[axis], step = steps ? steps.data[i] : 1;
    const within = (at) => Math.max(step < 0 ? -1 : 0, Math.min(step < 0 ? side - 1 : side, at < 0 ? at + side : at));
    const from = within(starts.data[i]);
    shape[axis] = Math.max(0, Math.ceil((within(ends.data[i]) - from) / step));
    start += from * by[axis];
    by[axis] *= step;
  });
  return pick(x, shape, offsets(shape, by, start));
}

/** @type {Operator} */
function gather([x, indices], { axis }) {
  const side = x.shape[axis], inner = sizeOf(x.shape.slice(axis + 1)), outer = sizeOf(x.shape.slice(0, axis));
  const data = blank(x, outer * indices.data.length * inner);
  let to = 0;
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < indices.data.length; j++) {
      const index = indices.data[j];
      const from = (i * side + (index < 0 ? index + side : index)) * inner;
      for (let l = 0; l < inner; l++) data[to++] = x.data[from + l];
    }
  }
  return { shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], data };
}

/** @type {Operator} */
function concat(tensors, { axis }) {
  const shape = [...tensors[0].shape];
  shape[axis] = tensors.reduce((sum, tensor) => sum + tensor.shape[axis], 0);
  const outer = sizeOf(shape.slice(0, axis)), row = sizeOf(shape.slice(axis));
  const data = blank(tensors[0], outer * row);
  let at = 0;
  for (const tensor of tensors) {
    const piece = sizeOf(tensor.shape.slice(axis));
    for (let i = 0; i < outer; i++) data.set(tensor.data.subarray(i * piece, (i + 1) * piece), i * row + at);
    at += piece;
  }
  return { shape, data };
}

/** @type {Operator} */
function split([x, sizes], { axis }) {
  const outer = sizeOf(x.shape.slice(0, axis)), row = sizeOf(x.shape.slice(axis)), inner = row / x.shape[axis];
  let at = 0;
  return Array.from(sizes.data, (size) => {
    const piece = size * inner;
    const data = blank(x, outer * piece);
    for (let i = 0; i < outer; i++) data.set(x.data.subarray(i * row + at, i * row + at + piece), i * piece);
    at += piece;
    return { shape: x.shape.map((side, i) => i === axis ? size : side), data };
  });
}

/** @type {Operator} */
function pad([x, amounts, value]) {
  const rank = x.shape.length, before = amounts.data;
  const shape = x.shape.map((side, axis) => side + before[axis] + before[rank + axis]);
  const data = blank(x, sizeOf(shape)).fill(value ? value.data[0] : 0);
  const [from, to] = [strides(x.shape), strides(shape)];
  // Negative amounts cut off: what is kept begins behind them.
  const cut = before.subarray(0, rank).map((amount) => Math.max(0, -amount));
  const kept = x.shape.map((side, axis) => side - cut[axis] - Math.max(0, -before[rank + axis]));
  const start = (steps, sign) => steps.reduce((sum, step, axis) => sum + step * Math.max(0, sign * before[axis]), 0);
  const source = offsets(kept, from, start(from, -1)), target = offsets(kept, to, start(to, 1));
  for (let i = 0; i < source.length; i++) data[target[i]] = x.data[source[i]];
  return { shape, data };
}

/** @type {Operator} */
function reshape([x, sides]) {
  const shape = Array.from(sides.data, (side, axis) => side === 0 ? x.shape[axis] : side);
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = x.data.length / -sizeOf(shape);
  return { shape, data: x.data };
}

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

/** @type {Operator} */
function expand([x, sides]) {
  const shape = broadcast(x.shape, Array.from(sides.data));
  return pick(x, shape, offsets(shape, broadcastStrides(x, shape)));
}

/** @type {Operator} */
function tile([x, times]) {
  const shape = x.shape.map((side, axis) => side * times.data[axis]), steps = strides(x.shape);
  let from = Int32Array.of(0);
  shape.forEach((side, axis) => {
    from = Int32Array.from({ length: from.length * side }, (_, i) =>
      from[Math.floor(i / side)] + (i % side % x.shape[axis]) * steps[axis]);
  });
  return pick(x, shape, from);
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** The error function, to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
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
  Div: ([a, b]) => binary(a.data instanceof Float32Array ? (p, q) => p / q : (p, q) => Math.trunc(p / q))([a, b]),
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
  ReduceSum: ([x, axes], { keepdims }) => reduce(x, Array.from(axes.data), keepdims !== 0, 0, (a, b) => a + b),
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
