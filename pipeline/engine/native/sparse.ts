import type { StepDefinition } from "../engine.ts";
import { countUses, transform } from "../graph/transform.ts";
import type { Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import { gradientName, inputName, parameterName, type Trace } from "../trace/trace.ts";
import type { Arena } from "./arena.ts";

/** The density up to which skipping zeros is faster than a product of all entries (`bench/README.md`). */
const SPARSE_UP_TO = 0.08;
/** Entries of a matrix from which on its product is worth it. */
const LARGE = 2 ** 16;

/**
 * Makes the products of sparse inputs and weights, and the gradients of these weights, products that skip zeros. The
 * weights are laid down with a row for each input: only the rows of inputs that are on are read.
 *
 * A weight that is not finite is met where its input is not 0; in functions, whose products are of all entries, always.
 */
export function skipZeros(
  { graph, results }: Trace,
  inputs: StepDefinition["inputs"],
  arena: Arena,
): Trace {
  const names = Object.keys(results), values = Object.values(results);
  const uses = countUses(values);
  const isSparse = (value: Value) => (densityOf(value, inputs) ?? 1) <= SPARSE_UP_TO;
  const straight = new Set<string>();
  for (const value of uses.keys()) {
    if (value.op !== "Gemm" || value.operands.length !== 2) continue;
    const [x, weights] = value.operands as [Value, Value];
    const { transA, transB } = value.attributes;
    const variable = variableOf(weights);
    if (variable === undefined || transA !== 0 || transB !== 1 || uses.get(weights) !== 1) continue;
    if (!isSparse(x) || sizeOf(weights.shape) < LARGE) continue;
    if (isGradient(results[gradientName(variable)], x) && arena.straighten(variable)) straight.add(variable);
  }
  if (straight.size === 0) return { graph, results };
  const sparse = (left: Value, right: Value, transA: 0 | 1) => {
    const shape = [left.shape[transA === 1 ? 1 : 0]!, right.shape[1]!];
    return graph.node("SparseGemm", [left, right], shape, "float32", { transA });
  };
  const made = transform(graph, values, (value, rebuilt) => {
    if (value.op !== "Gemm") return undefined;
    const [left, right] = value.operands.map(rebuilt) as [Value, Value];
    const variable = variableOf(value.operands[1]!);
    if (variable !== undefined && straight.has(variable)) {
      return sparse(left, graph.input(parameterName(variable), right.shape.toReversed()), 0);
    }
    const isOfStraight = [...straight].some((name) => results[gradientName(name)] === value);
    return isOfStraight ? sparse(right, left, 1) : undefined;
  });
  return { graph, results: Object.fromEntries(names.map((name, i) => [name, made[i]!])) };
}

/** Whether the value is the gradient of transposed weights by which x is multiplied, and nothing else. */
function isGradient(value: Value | undefined, x: Value): boolean {
  return value?.op === "Gemm" && value.operands.length === 2 && value.operands[1] === x &&
    value.attributes.transA === 1 && value.attributes.transB === 0;
}

/** The share of entries that are not 0, where the value is an input or the same numbers in another shape. */
function densityOf({ op, name, operands }: Value, inputs: StepDefinition["inputs"]): number | undefined {
  if (op === "Reshape") return densityOf(operands[0]!, inputs);
  const prefix = inputName("");
  return op === "Input" && name!.startsWith(prefix) ? inputs[name!.slice(prefix.length)]?.density : undefined;
}

/** The variable whose values an input of the graph is. */
function variableOf({ op, name }: Value): string | undefined {
  const prefix = parameterName("");
  return op === "Input" && name!.startsWith(prefix) ? name!.slice(prefix.length) : undefined;
}
