import { type Graph, sizeOf, type Value } from "./graph.ts";
import { countUses, transform } from "./rewrite.ts";

/** So many products make a transposed copy of their right operand worth while. */
const COPY_FROM = 3;
/**
 * ONNX Runtime reads the left operand of a product in place, and copies the right one into panels first. Where
 * the left one has few rows, that copy is most of the work; where it has so many that the copies and the
 * transposed result weigh the same as this share of the right operand, turning around gains nothing.
 */
const SHARE = 3.5;

/** Computes products Y = A B of few rows as Y' = B' A', so that the large operand, the weights, is read in place. */
export function orientProducts(graph: Graph, outputs: readonly Value[]): Value[] {
  const copied = new Map<Value, number>();
  for (const value of countUses(outputs).keys()) {
    if (value.op !== "Gemm" || value.attributes.transB === 1 || !hasFewRows(value)) continue;
    copied.set(value.operands[1]!, (copied.get(value.operands[1]!) ?? 0) + 1);
  }
  return transform(graph, outputs, (value, rebuilt) => {
    if (value.op !== "Gemm" || !hasFewRows(value)) return undefined;
    const { transA, transB } = value.attributes;
    const right = value.operands[1]!;
    if (transB === 0 && copied.get(right)! < COPY_FROM) return undefined;
    const weights = transB === 1 ? rebuilt(right) : turned(graph, rebuilt(right));
    const { rows, flag } = untransposed(rebuilt(value.operands[0]!), transA === 1);
    const bias = value.operands[2] && rebuilt(value.operands[2]);
    const columns = value.shape[1]!;
    const isColumn = bias !== undefined && sizeOf(bias.shape) === columns;
    const operands = [weights, rows, ...(isColumn ? [graph.reshape(bias, [columns, 1])] : [])];
    const flags = { transA: 0, transB: Number(!flag) };
    const product = turned(
      graph,
      graph.node("Gemm", operands, value.shape.toReversed(), value.dtype, flags),
    );
    return bias === undefined || isColumn ? product : graph.add(product, bias);
  });
}

/** The transpose of a matrix as an operation of its own: `Graph.transpose` would turn the product itself. */
function turned(graph: Graph, x: Value): Value {
  return graph.node("Transpose", [x], x.shape.toReversed(), x.dtype, { perm: [1, 0] });
}

function hasFewRows({ operands, attributes, shape }: Value): boolean {
  const [rows, columns] = shape as [number, number];
  const inner = operands[0]!.shape[attributes.transA === 1 ? 0 : 1]!;
  return SHARE * rows * (inner + columns) < inner * columns;
}

function untransposed(x: Value, flag: boolean): { rows: Value; flag: boolean } {
  return x.op === "Transpose" ? { rows: x.operands[0]!, flag: !flag } : { rows: x, flag };
}
