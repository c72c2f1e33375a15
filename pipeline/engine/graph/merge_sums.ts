import type { Graph } from "./graph.ts";
import { countUses, transform } from "./transform.ts";
import { sameShape, type Value } from "./value.ts";

/** The number of like products (or sums) from which on one over a concatenation is faster than the sum of all. */
const MERGE_FROM = 3;

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
