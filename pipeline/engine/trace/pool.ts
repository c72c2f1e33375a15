import type { Graph } from "../graph/graph.ts";
import type { Value } from "../graph/value.ts";
import { tf } from "../tfjs.ts";
import { kernel } from "./backend.ts";
import { columns, fold, windowCount, type Windows, windowsOf } from "./windows.ts";

/** Pools over the same windows as convolutions. Padding takes no part: neither in a maximum nor in a mean. */

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: "same" | "valid" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function windows(pictures: readonly number[], a: PoolAttributes): Windows {
  return windowsOf(tf.backend_util.computePool2DInfo(
    pictures as [number, number, number, number],
    a.filterSize,
    a.strides,
    1,
    a.pad,
    a.dimRoundingMode,
  ));
}

const outShape = (w: Windows) => [w.batch, w.outHeight, w.outWidth, w.channels];

/** The pixels under each window, [windows, places, channels]. */
function places(graph: Graph, x: Value, w: Windows, padding: number): Value {
  return graph.reshape(columns(graph, x, w, padding), [
    windowCount(w),
    w.kernelHeight * w.kernelWidth,
    w.channels,
  ]);
}

kernel<PoolAttributes>("MaxPool", (graph, { x }, a) => {
  const w = windows(x!.shape, a);
  return graph.reshape(graph.reduce("ReduceMax", places(graph, x!, w, -Infinity), [1], false), outShape(w));
});

/** The gradient goes to the first of equal maxima, as in tfjs. */
kernel<PoolAttributes>("MaxPoolGrad", (graph, { dy, input }, a) => {
  const w = windows(input!.shape, a);
  const count = w.kernelHeight * w.kernelWidth;
  const seen = places(graph, input!, w, -Infinity);
  const first = graph.node("ArgMax", [seen], [windowCount(w), 1, w.channels], "int64", {
    axis: 1,
    keepdims: 1,
  });
  const numbers = graph.constant(Array.from({ length: count }, (_, i) => i), [1, count, 1], "int64");
  const chosen = graph.cast(graph.binary("Equal", first, numbers, undefined, "bool"), "float32");
  const gradient = graph.multiply(chosen, graph.reshape(dy!, [windowCount(w), 1, w.channels]));
  const planes = graph.split(gradient, Array(count).fill(1), 1).map((plane) =>
    graph.reshape(plane, outShape(w))
  );
  return fold(graph, planes, w);
});

kernel<PoolAttributes>("AvgPool", (graph, { x }, a) => {
  const w = windows(x!.shape, a);
  const sum = graph.reshape(graph.sum(places(graph, x!, w, 0), [1]), outShape(w));
  return graph.divide(sum, sizes(graph, w));
});

kernel<PoolAttributes>("AvgPoolGrad", (graph, { dy, input }, a) => {
  const w = windows(input!.shape, a);
  const share = graph.divide(dy!, sizes(graph, w));
  return fold(graph, Array(w.kernelHeight * w.kernelWidth).fill(share), w);
});

/** How many pixels of the picture each window holds: [1, outHeight, outWidth, 1]. */
function sizes(graph: Graph, w: Windows): Value {
  const along = (length: number, out: number, kernel: number, stride: number, before: number) =>
    Array.from({ length: out }, (_, i) => {
      const start = i * stride - before;
      return Math.min(start + kernel, length) - Math.max(start, 0);
    });
  const rows = along(w.height, w.outHeight, w.kernelHeight, w.strideHeight, w.top);
  const cells = along(w.width, w.outWidth, w.kernelWidth, w.strideWidth, w.left);
  return graph.constant(
    rows.flatMap((a) => cells.map((b) => a * b)),
    [1, w.outHeight, w.outWidth, 1],
    "float32",
  );
}
