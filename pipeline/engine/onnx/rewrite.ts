import { type Graph, inOrder, sameShape, type Value } from "../graph/graph.ts";

/** From so many like products (or sums) on, one over a concatenation is faster than the sum of all. */
const MERGE_FROM = 3;

/** What a graph that ONNX Runtime runs as a whole gains from. Returns the new outputs. */
export function rewrite(graph: Graph, outputs: readonly Value[]): Value[] {
  return moveBiases(graph, mergeSums(graph, spellOut(graph, outputs)));
}

/** Operators that ONNX Runtime has not, or only in a slow form. */
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
 * A `Strided` value of which the first axis is x's own, as one gather: over the longest pieces of memory that the
 * walk takes whole and in step.
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

/**
 * A weight used at every time step has as its gradient a sum of products A1'B1 + A2'B2 + ...: it becomes one product
 * of the concatenations, which runs at full speed where the small ones cannot. A bias's sums over the batch likewise.
 */
export function mergeSums(graph: Graph, outputs: readonly Value[]): Value[] {
  const uses = countUses(outputs);
  const once = (value: Value) => uses.get(value) === 1;
  const isInner = (sum: Value, operand: Value) =>
    operand.op === "Add" && once(operand) && sameShape(operand.shape, sum.shape);
  const inner = new Set<Value>();
  for (const value of uses.keys()) {
    if (value.op === "Add") {
      value.operands.filter((operand) => isInner(value, operand)).forEach((v) => inner.add(v));
    }
  }
  return transform(graph, outputs, (value, rebuilt) => {
    if (value.op !== "Add" || inner.has(value)) return undefined;
    const terms: Value[] = [];
    const stack = [value];
    while (stack.length > 0) {
      const sum = stack.pop()!;
      for (const operand of sum.operands) (isInner(sum, operand) ? stack : terms).push(operand);
    }
    const products = terms.filter((term) =>
      term.op === "Gemm" && term.attributes.transA === 1 && term.attributes.transB === 0 && once(term) &&
      sameShape(term.shape, value.shape)
    );
    const sums = terms.filter((term) =>
      term.op === "ReduceSum" && term.attributes.keepdims === 0 && once(term) &&
      sameShape(term.shape, value.shape) &&
      term.operands[0]!.shape.length === 2 && term.operands[1] === graph.integers([0])
    );
    const merged: Value[] = [];
    const merge = (group: Value[], make: () => Value) => {
      if (group.length < MERGE_FROM) return;
      merged.push(make());
      group.forEach((term) => terms.splice(terms.indexOf(term), 1));
    };
    const rows = (group: Value[], operand: number) =>
      graph.concat(group.map((term) => rebuilt(term.operands[operand]!)), 0);
    merge(products, () => graph.gemm(rows(products, 0), rows(products, 1), true, false));
    merge(sums, () => graph.sum(rows(sums, 0), [0]));
    if (merged.length === 0) return undefined;
    return [...merged, ...terms.map(rebuilt)].reduce((a, b) => graph.add(a, b));
  });
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

/** How many operands (and outputs) each value is. */
export function countUses(outputs: readonly Value[]): Map<Value, number> {
  const uses = new Map<Value, number>();
  const use = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const value of inOrder(outputs)) {
    uses.set(value, uses.get(value) ?? 0);
    value.operands.forEach(use);
  }
  outputs.forEach(use);
  return uses;
}

/**
 * Rebuilds the graph from the inputs on; `rule` gives a value's replacement, or nothing to keep it, and `remake` makes
 * one of which only the operands have changed.
 */
export function transform(
  graph: Graph,
  outputs: readonly Value[],
  rule: (value: Value, rebuilt: (operand: Value) => Value) => Value | undefined,
  remake = simplified,
): Value[] {
  const results = new Map<Value, Value>();
  const rebuilt = (value: Value) => results.get(value)!;
  for (const value of inOrder(outputs)) {
    const operands = value.operands.map(rebuilt);
    const kept = operands.every((operand, i) => operand === value.operands[i])
      ? value
      : remake(graph, value, operands);
    results.set(value, rule(value, rebuilt) ?? kept);
  }
  return outputs.map(rebuilt);
}

/** The same operator. */
export function unchanged(
  graph: Graph,
  { op, shape, dtype, attributes }: Value,
  operands: readonly Value[],
): Value {
  return graph.node(op, operands, shape, dtype, attributes);
}

/** Transposes and products find each other also where they have met only now. */
function simplified(graph: Graph, value: Value, operands: readonly Value[]): Value {
  const { op, attributes } = value;
  const [a, b] = operands as [Value, Value];
  if (op === "Transpose") return graph.transpose(a, attributes.perm as readonly number[]);
  if (op === "Gemm" && operands.length === 2) {
    return graph.gemm(a, b, attributes.transA === 1, attributes.transB === 1);
  }
  return unchanged(graph, value, operands);
}
