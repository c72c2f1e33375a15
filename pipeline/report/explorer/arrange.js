import { blank, broadcast, broadcastStrides, offsets, pick, sizeOf, strides } from "./tensors.js";

/** @typedef {import("./tensors.js").Operator} Operator */

/** A part of x, whose axes may be walked backwards. @type {Operator} */
export function slice([x, starts, ends, axes, steps]) {
  const shape = [...x.shape], by = strides(x.shape);
  let start = 0;
  axes.data.forEach((axis, i) => {
    const side = x.shape[axis], step = steps ? steps.data[i] : 1;
    const within = (at) =>
      Math.max(step < 0 ? -1 : 0, Math.min(step < 0 ? side - 1 : side, at < 0 ? at + side : at));
    const from = within(starts.data[i]);
    shape[axis] = Math.max(0, Math.ceil((within(ends.data[i]) - from) / step));
    start += from * by[axis];
    by[axis] *= step;
  });
  return pick(x, shape, offsets(shape, by, start));
}

/** @type {Operator} */
export function gather([x, indices], { axis }) {
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
export function concat(tensors, { axis }) {
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
export function split([x, sizes], { axis }) {
  const outer = sizeOf(x.shape.slice(0, axis)),
    row = sizeOf(x.shape.slice(axis)),
    inner = row / x.shape[axis];
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
export function pad([x, amounts, value]) {
  const rank = x.shape.length, before = amounts.data;
  const shape = x.shape.map((side, axis) => side + before[axis] + before[rank + axis]);
  const data = blank(x, sizeOf(shape)).fill(value ? value.data[0] : 0);
  const [from, to] = [strides(x.shape), strides(shape)];
  // Negative amounts cut off: what is kept begins behind them.
  const cut = before.subarray(0, rank).map((amount) => Math.max(0, -amount));
  const kept = x.shape.map((side, axis) => side - cut[axis] - Math.max(0, -before[rank + axis]));
  const start = (steps, sign) =>
    steps.reduce((sum, step, axis) => sum + step * Math.max(0, sign * before[axis]), 0);
  const source = offsets(kept, from, start(from, -1)), target = offsets(kept, to, start(to, 1));
  for (let i = 0; i < source.length; i++) data[target[i]] = x.data[source[i]];
  return { shape, data };
}

/** @type {Operator} */
export function reshape([x, sides]) {
  const shape = Array.from(sides.data, (side, axis) => side === 0 ? x.shape[axis] : side);
  const open = shape.indexOf(-1);
  if (open >= 0) shape[open] = x.data.length / -sizeOf(shape);
  return { shape, data: x.data };
}

/** @type {Operator} */
export function expand([x, sides]) {
  const shape = broadcast(x.shape, Array.from(sides.data));
  return pick(x, shape, offsets(shape, broadcastStrides(x, shape)));
}

/** @type {Operator} */
export function tile([x, times]) {
  const shape = x.shape.map((side, axis) => side * times.data[axis]), steps = strides(x.shape);
  let from = Int32Array.of(0);
  shape.forEach((side, axis) => {
    from = Int32Array.from(
      { length: from.length * side },
      (_, i) => from[Math.floor(i / side)] + (i % side % x.shape[axis]) * steps[axis],
    );
  });
  return pick(x, shape, from);
}
