import type { Graph } from "../graph/graph.ts";
import { mergeSums } from "../graph/merge_sums.ts";
import { countUses, transform } from "../graph/transform.ts";
import { sameShape, type Value } from "../graph/value.ts";

/** Brings a graph that ONNX Runtime is to run as a whole into its fastest form; returns the new outputs. */
export function rewrite(graph: Graph, outputs: readonly Value[]): Value[] {
  return moveBiases(graph, mergeSums(graph, spellOut(graph, outputs)));
}

/** Writes out in others the operators that ONNX has not, or ONNX Runtime only in a slow form. */
function spellOut(graph: Graph, outputs: readonly Value[]): Value[] {
  return transform(graph, outputs, (value, rebuilt) => {
    const [x] = value.operands.map(rebuilt);
    if (value.op === "Strided") return gathered(graph, x!, value);
    if (value.op !== "Softplus") return undefined;
    const logistic = graph.unary("Sigmoid", graph.unary("Abs", x!));
    return graph.subtract(graph.unary("Relu", x!), graph.unary("Log", logistic));
  });
}

/**
 * A `Strided` view of x whose first axis is x's own, as one gather: of the longest pieces of memory that the view
 * takes whole and in step.
 */
export function gathered(graph: Graph, x: Value, { shape, attributes }: Value): Value {
  const [batch, ...sides] = shape as [number, ...number[]];
  const [size, ...strides] = attributes.strides as [number, ...number[]];
  const offset = attributes.offset as number;
  let axes = sides.length, run = 1;
  while (axes > 0 && (sides[axes - 1] === 1 || strides[axes - 1] === run)) run *= sides[--axes]!;
  const piece = [...strides.slice(0, axes), offset, size].reduce(greatestDivisor, run);
  const indices = graph.memo(`gather ${sides} ${strides} ${offset} ${piece}`, () => {
    let starts = [offset];
    for (let axis = 0; axis < axes; axis++) {
      starts = starts.flatMap((start) =>
        Array.from({ length: sides[axis]! }, (_, i) => start + i * strides[axis]!)
      );
    }
    const list = starts.flatMap((start) => Array.from({ length: run / piece }, (_, i) => start / piece + i));
    return graph.constant(list, [list.length], "int32");
  });
  return graph.reshape(graph.gather(graph.reshape(x, [batch, size / piece, piece]), indices, 1), shape);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? Math.abs(a) : greatestDivisor(b, a % b);
}

/** `Add(Gemm(a, b), c)` is `Gemm(a, b, c)`. */
function moveBiases(graph: Graph, outputs: readonly Value[]): Value[] {
  const uses = countUses(outputs);
  return transform(graph, outputs, (value, rebuilt) => {
    if (value.op !== "Add") return undefined;
    const product = value.operands.find((operand) =>
      operand.op === "Gemm" && operand.operands.length === 2 && uses.get(operand) === 1 &&
      sameShape(operand.shape, value.shape)
    );
    if (!product) return undefined;
    const bias = value.operands[value.operands[0] === product ? 1 : 0]!;
    return graph.node(
      "Gemm",
      [...product.operands, bias].map(rebuilt),
      value.shape,
      value.dtype,
      product.attributes,
    );
  });
}
