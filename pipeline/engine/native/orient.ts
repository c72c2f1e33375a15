import { type Graph, untransposed } from "../graph/graph.ts";
import { countUses, transform } from "../graph/transform.ts";
import { type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";

/** Products from which on a transposed copy of their large operand is worth while. */
const COPY_FROM = 3;
/**
 * ONNX Runtime reads the left operand of a product in place, and copies the right one into panels first. Where the
 * left one has few rows, that copy is most of the work. Turning the product around copies the left operand and
 * transposes the result instead: it gains where these are smaller than the right operand by this factor.
 */
const FACTOR = 3.5;

/** Brings products into the form that ONNX Runtime computes fastest. */
export function orientProducts(graph: Graph, outputs: readonly Value[]): Value[] {
  return orientWeights(graph, unrollSeries(graph, outputs));
}

/**
 * Where matrices are transposed one by one and put below each other, and then all is transposed: that is the matrices
 * side by side, so whole rows are moved in place of single numbers. The sum of all rows needs no move at all. (So the
 * gradients of an LSTM, whose examples are columns, become operands of one product.)
 */
function unrollSeries(graph: Graph, outputs: readonly Value[]): Value[] {
  return transform(graph, outputs, (value, rebuilt) => {
    const series = value.operands.length > 0 ? seriesOf(rebuilt(value.operands[0]!)) : undefined;
    if (series === undefined) return undefined;
    const [steps, rows, columns] = series.shape as [number, number, number];
    if (value.op === "Gemm" && value.attributes.transA === 1) {
      const sideBySide = graph.node("Transpose", [series], [rows, steps, columns], series.dtype, {
        perm: [1, 0, 2],
      });
      const operands = [
        graph.reshape(sideBySide, [rows, steps * columns]),
        ...value.operands.slice(1).map(rebuilt),
      ];
      return graph.node("Gemm", operands, value.shape, value.dtype, { ...value.attributes, transA: 0 });
    }
    const isRowSum = value.op === "ReduceSum" && value.operands[1] === graph.integers([0]);
    return isRowSum ? graph.reshape(graph.sum(series, [0, 2]), value.shape) : undefined;
  });
}

/** S, where the value is [steps * columns, rows], made of S [steps, rows, columns] by transposing each step. */
function seriesOf({ op, operands: [x], shape }: Value): Value | undefined {
  if (op !== "Reshape" || shape.length !== 2 || x!.op !== "Transpose" || x!.shape.length !== 3) {
    return undefined;
  }
  const isEach = (x!.attributes.perm as readonly number[]).join() === "0,2,1";
  return isEach && shape[1] === x!.shape[2] ? x!.operands[0] : undefined;
}

/**
 * Computes products Y = A B of few rows as Y' = B' A', so that the large operand, the weights, is read in place.
 * Where it would have to be read transposed, several products share a transposed copy.
 */
function orientWeights(graph: Graph, outputs: readonly Value[]): Value[] {
  const transposedReads = new Map<Value, number>();
  for (const value of countUses(outputs).keys()) {
    const large = largeOperand(value);
    if (large?.isTransposed) transposedReads.set(large.value, (transposedReads.get(large.value) ?? 0) + 1);
  }
  return transform(graph, outputs, (value, rebuilt) => {
    const large = largeOperand(value);
    if (large === undefined || large.side === "left" && !large.isTransposed) return undefined;
    if (large.isTransposed && transposedReads.get(large.value)! < COPY_FROM) return undefined;
    const [left, right, bias] = value.operands.map(rebuilt) as [Value, Value, Value?];
    const matrix = large.side === "left" ? left : right;
    const weights = large.isTransposed ? turned(graph, matrix) : matrix;
    const { transA, transB } = value.attributes;
    if (large.side === "left") {
      const operands = [weights, right, ...(bias ? [bias] : [])];
      return graph.node("Gemm", operands, value.shape, value.dtype, { transA: 0, transB: transB! });
    }
    const [rows, flag] = untransposed(left, transA === 1);
    const columns = value.shape[1]!;
    const isColumn = bias !== undefined && bias.shape.at(-1) === columns && sizeOf(bias.shape) === columns;
    const operands = [weights, rows, ...(isColumn ? [graph.reshape(bias, [columns, 1])] : [])];
    const flags = { transA: 0, transB: Number(!flag) };
    const product = turned(
      graph,
      graph.node("Gemm", operands, value.shape.toReversed(), value.dtype, flags),
    );
    return bias === undefined || isColumn ? product : graph.add(product, bias);
  });
}

/** The operand of a product that is much larger than all else; whether it would be read transposed on the left. */
function largeOperand(
  { op, operands, attributes, shape }: Value,
): { side: "left" | "right"; value: Value; isTransposed: boolean } | undefined {
  if (op !== "Gemm") return undefined;
  const { transA, transB } = attributes;
  const [left, right] = operands as [Value, Value];
  const [rows, columns] = shape as [number, number];
  const inner = left.shape[transA === 1 ? 0 : 1]!;
  const isSmall = (others: number, side: number) => FACTOR * others * (inner + side) < inner * side;
  if (isSmall(rows, columns)) return { side: "right", value: right, isTransposed: transB === 0 };
  if (isSmall(columns, rows)) return { side: "left", value: left, isTransposed: transA === 1 };
  return undefined;
}

/** The transpose of a matrix as an operation of its own: `Graph.transpose` would turn the product itself. */
function turned(graph: Graph, x: Value): Value {
  return graph.node("Transpose", [x], x.shape.toReversed(), x.dtype, { perm: [1, 0] });
}
