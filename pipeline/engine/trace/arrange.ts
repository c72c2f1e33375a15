import { sizeOf } from "../../base/shape.ts";
import { tf } from "../tfjs.ts";
import { kernel } from "./backend.ts";
import { unknownToEngine } from "./unknown.ts";

/** Kernels that only move, repeat or choose entries. */

const axisOf = (axis: number, rank: number) => axis < 0 ? axis + rank : axis;

kernel(
  "Reshape",
  (graph, { x }, { shape }) => graph.reshape(x!, tf.util.inferFromImplicitShape(shape, sizeOf(x!.shape))),
);
kernel(
  "ExpandDims",
  (graph, { input }, { dim }) =>
    graph.reshape(input!, input!.shape.toSpliced(axisOf(dim, input!.shape.length + 1), 0, 1)),
);
kernel("Transpose", (graph, { x }, { perm }) => graph.transpose(x!, perm));
kernel("Concat", (graph, operands, { axis }) => {
  const values = Object.values(operands);
  return graph.concat(values.filter(({ shape }) => sizeOf(shape) > 0), axisOf(axis, values[0]!.shape.length));
});
// Along the first axis, many short matrices are the rows of one long matrix: one reshape, not one for each.
kernel("Pack", (graph, operands, { axis }) => {
  const values = Object.values(operands);
  const { shape } = values[0]!;
  const at = axisOf(axis, shape.length + 1);
  if (at === 0 && shape.length > 0) return graph.reshape(graph.concat(values, 0), [values.length, ...shape]);
  return graph.concat(values.map((value) => graph.reshape(value, value.shape.toSpliced(at, 0, 1))), at);
});
kernel("Unpack", (graph, { value }, { axis }) => {
  const at = axisOf(axis, value!.shape.length);
  const [count, rows, ...rest] = value!.shape as [number, number?, ...number[]];
  if (at === 0 && rows !== undefined) {
    return graph.split(graph.reshape(value!, [count * rows, ...rest]), Array(count).fill(rows), 0);
  }
  const parts = graph.split(value!, Array(value!.shape[at]!).fill(1), at);
  return parts.map((part) => graph.reshape(part, part.shape.toSpliced(at, 1)));
});
kernel("SplitV", (graph, { x }, { numOrSizeSplits, axis }) => {
  const at = axisOf(axis, x!.shape.length);
  return graph.split(
    x!,
    tf.backend_util.prepareSplitSize(x as unknown as tf.Tensor, numOrSizeSplits, at),
    at,
  );
});
kernel("Slice", (graph, { x }, { begin, size }) => {
  const [from, length] = tf.slice_util.parseSliceParams(x as unknown as tf.TensorInfo, begin, size);
  return graph.slice(x!, from!, length!);
});
kernel("StridedSlice", (graph, { x }, attributes) => {
  const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const info = tf.slice_util.sliceInfo(
    [...x!.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  return graph.reshape(graph.slice(x!, info.begin, size, info.strides), info.finalShape);
});
kernel("PadV2", (graph, { x }, { paddings, constantValue }) => graph.pad(x!, paddings, constantValue));
kernel("Tile", (graph, { x }, { reps }: { reps: readonly number[] }) => {
  const shape = x!.shape.map((side, axis) => side * reps[axis]!);
  if (reps.every((times, axis) => times === 1 || x!.shape[axis] === 1)) return graph.expand(x!, shape);
  return graph.node("Tile", [x!, graph.integers(reps)], shape, x!.dtype);
});
kernel("BroadcastTo", (graph, { x }, { shape }) => graph.expand(x!, shape));
kernel(
  "Reverse",
  (graph, { x }, { dims }) =>
    tf.util.parseAxisParam(dims, [...x!.shape]).reduce((value, axis) => {
      const length = value.shape[axis]!;
      return graph.gather(value, graph.integers(Array.from({ length }, (_, i) => length - 1 - i)), axis);
    }, x!),
);
kernel("GatherV2", (graph, { x, indices }, { axis, batchDims }) => {
  if (batchDims !== 0) throw unknownToEngine("tf.gather with batchDims");
  return graph.gather(x!, indices!, axisOf(axis, x!.shape.length));
});
kernel("OneHot", (graph, { indices }, { depth, onValue, offValue, dtype }) => {
  const classes = graph.constant(Array.from({ length: depth }, (_, i) => i), [depth], indices!.dtype);
  const wide = graph.reshape(indices!, [...indices!.shape, 1]);
  const hit = graph.binary("Equal", wide, classes, undefined, "bool");
  const values = [onValue, offValue].map((value) => graph.fill(value, [], dtype));
  return graph.node("Where", [hit, ...values], hit.shape, dtype);
});
kernel("Range", (graph, _, { start, stop, step, dtype }) => {
  const length = Math.max(0, Math.ceil((stop - start) / step));
  return graph.constant(Array.from({ length }, (_, i) => start + i * step), [length], dtype);
});
