import type { Graph } from "../graph/graph.ts";
import { type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import { tf } from "../tfjs.ts";
import { kernel } from "./backend.ts";

/** Sums and other reductions, softmax, cumulative sums. */

interface ReductionAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

const axesOf = (x: Value, axis: number | number[]) => tf.util.parseAxisParam(axis, [...x.shape]);

kernel<ReductionAttributes>("Sum", (graph, { x }, { axis, keepDims }) => {
  const numbers = x!.dtype === "bool" ? graph.cast(x!, "int32") : x!;
  return graph.sum(numbers, axesOf(x!, axis), keepDims);
});
kernel<ReductionAttributes>("Mean", (graph, { x }, { axis, keepDims }) => {
  const axes = axesOf(x!, axis);
  const count = sizeOf(axes.map((a) => x!.shape[a]!));
  return graph.divide(graph.sum(graph.cast(x!, "float32"), axes, keepDims), graph.fill(count, []));
});
for (const [name, op] of [["Max", "ReduceMax"], ["Min", "ReduceMin"], ["Prod", "ReduceProd"]] as const) {
  // Max and Min name their axes `reductionIndices` in tfjs's types and `axis` or that in its calls.
  kernel(
    name,
    (graph, { x }, { axis, reductionIndices, keepDims }) =>
      graph.reduce(op, x!, axesOf(x!, axis ?? reductionIndices), keepDims),
  );
}
for (const [name, op] of [["All", "ReduceMin"], ["Any", "ReduceMax"]] as const) {
  kernel<ReductionAttributes>(
    name,
    (graph, { x }, { axis, keepDims }) =>
      graph.cast(graph.reduce(op, graph.cast(x!, "int32"), axesOf(x!, axis), keepDims), "bool"),
  );
}
for (const name of ["ArgMax", "ArgMin"] as const) {
  kernel(name, (graph, { x }, { axis }) => {
    const [at] = axesOf(x!, axis);
    const shape = x!.shape.toSpliced(at!, 1);
    return graph.cast(graph.node(name, [x!], shape, "int64", { axis: at!, keepdims: 0 }), "int32");
  });
}
kernel("Cumsum", (graph, { x }, { axis, exclusive, reverse }) => {
  const at = graph.constant([axesOf(x!, axis)[0]!], [], "int64");
  const attributes = { exclusive: Number(exclusive), reverse: Number(reverse) };
  return graph.node("CumSum", [x!, at], x!.shape, x!.dtype, attributes);
});

kernel("Softmax", (graph, { logits }, { dim }) => lastAxis(graph, "Softmax", logits!, dim));
kernel("LogSoftmax", (graph, { logits }, { axis }) => lastAxis(graph, "LogSoftmax", logits!, axis));

function lastAxis(graph: Graph, op: "Softmax" | "LogSoftmax", x: Value, axis: number): Value {
  return graph.node(op, [x], x.shape, x.dtype, { axis: axis < 0 ? axis + x.shape.length : axis });
}
