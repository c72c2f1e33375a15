import type { Graph } from "./graph.ts";
import type { Value } from "./value.ts";

/** The values that `roots` are computed from and the roots themselves, each after its operands. */
export function inOrder(roots: readonly Value[]): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack = roots.map((value) => ({ value, next: 0 })).reverse();
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const operand = seen.has(top.value) ? undefined : top.value.operands[top.next++];
    if (operand !== undefined) {
      if (!seen.has(operand)) stack.push({ value: operand, next: 0 });
      continue;
    }
    if (!seen.has(top.value)) {
      seen.add(top.value);
      order.push(top.value);
    }
    stack.pop();
  }
  return order;
}

/** How often each value is an operand or an output. */
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
 * Rebuilds a graph from its inputs on.
 *
 * @param rule gives a value's replacement, or nothing to keep it; `rebuilt` gives what its operands have become
 * @param remake makes a value of which only the operands have changed
 * @returns the new outputs
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

/** The same operator on other operands. */
export function unchanged(
  graph: Graph,
  { op, shape, dtype, attributes }: Value,
  operands: readonly Value[],
): Value {
  return graph.node(op, operands, shape, dtype, attributes);
}

/** Makes the value anew; a transpose that has come next to a product is taken into its flags. */
function simplified(graph: Graph, value: Value, operands: readonly Value[]): Value {
  const { op, attributes } = value;
  const [a, b] = operands as [Value, Value];
  if (op === "Transpose") return graph.transpose(a, attributes.perm as readonly number[]);
  if (op === "Gemm" && operands.length === 2) {
    return graph.gemm(a, b, attributes.transA === 1, attributes.transB === 1);
  }
  return unchanged(graph, value, operands);
}
