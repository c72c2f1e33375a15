/**
 * @typedef {object} Tensor
 * @property {readonly number[]} shape
 * @property {Float32Array | Int32Array | Uint8Array} data Numbers, whole numbers, truth values; in C order.
 *
 * @typedef {Readonly<Record<string, any>>} Attributes As ONNX has them of the operator.
 * @typedef {(inputs: Tensor[], attributes?: Attributes) => Tensor | Tensor[]} Operator
 */

/** @param {readonly number[]} shape */
export const sizeOf = (shape) => shape.reduce((size, side) => size * side, 1);

/** How far apart neighbours along each axis lie. @param {readonly number[]} shape */
export function strides(shape) {
  const result = Array(shape.length);
  for (let axis = shape.length - 1, step = 1; axis >= 0; step *= shape[axis--]) result[axis] = step;
  return result;
}

/** @param {readonly number[]} a @param {readonly number[]} b */
export function broadcast(a, b) {
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
export function offsets(shape, steps, start = 0) {
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
export function broadcastStrides({ shape: own }, shape) {
  const steps = strides(own);
  return shape.map((_, axis) => {
    const at = axis - shape.length + own.length;
    return at < 0 || own[at] === 1 ? 0 : steps[at];
  });
}

/**
 * Zeros of a tensor's kind.
 * @param {Tensor} tensor @param {number} length @returns {Tensor["data"]}
 */
export const blank = ({ data }, length) => new (/** @type {any} */ (data.constructor))(length);

/** @param {Tensor} tensor @param {Int32Array} from */
export function pick(tensor, shape, from) {
  const { data } = tensor, result = blank(tensor, from.length);
  for (let i = 0; i < from.length; i++) result[i] = data[from[i]];
  return { shape, data: result };
}
