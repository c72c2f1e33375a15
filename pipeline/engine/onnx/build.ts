import type { Graph } from "../graph/graph.ts";
import { inOrder } from "../graph/transform.ts";
import type { Value } from "../graph/value.ts";
import {
  ELEMENT_TYPES,
  type Initialiser,
  type Model,
  type ModelNode,
  type TensorDeclaration,
} from "./model.ts";
import { rewrite } from "./rewrite.ts";

/**
 * Orders the graph's nodes and gives every tensor a name. Inputs that nothing depends on are left out.
 *
 * @param last a rewrite for whoever runs the model, after those that do good everywhere
 */
export function buildModel(
  graph: Graph,
  outputs: Readonly<Record<string, Value>>,
  last: (graph: Graph, outputs: readonly Value[]) => readonly Value[] = (_, outputs) => outputs,
): Model {
  const names = new Map<Value, string>();
  const nodes: ModelNode[] = [];
  const initialisers: Initialiser[] = [];
  const inputs: TensorDeclaration[] = [];
  const results = last(graph, rewrite(graph, Object.values(outputs)));
  const resultNames = Object.keys(outputs);
  const isResult = new Map<Value, string>();
  // A tensor can be one output only, and an input or a constant none: those are copied below.
  results.forEach((value, i) => {
    if (!isResult.has(value) && !["Input", "Constant", "Output"].includes(value.op)) {
      isResult.set(value, resultNames[i]!);
    }
  });
  const name = (value: Value) => names.get(value)!;
  for (const value of inOrder(results)) {
    const own = isResult.get(value) ?? (value.op === "Input" ? value.name! : `t${names.size}`);
    names.set(value, own);
    switch (value.op) {
      case "Input":
        inputs.push({ name: own, shape: value.shape, dtype: value.dtype });
        break;
      case "Constant":
        initialisers.push({ name: own, shape: value.shape, dtype: value.dtype, data: value.data! });
        break;
      case "Fill": {
        if (value.shape.length === 0 && !isResult.has(value)) {
          initialisers.push({ name: own, shape: [], dtype: value.dtype, data: value.data! });
          break;
        }
        const [number, shape] = [`${own}.number`, `${own}.shape`];
        initialisers.push({ name: number, shape: [], dtype: value.dtype, data: value.data! });
        initialisers.push({ name: shape, shape: [value.shape.length], dtype: "int64", data: value.shape });
        nodes.push({ op: "Expand", inputs: [number, shape], outputs: [own], attributes: {} });
        break;
      }
      case "Split": {
        const outputs = Array.from({ length: value.operands[1]!.data!.length }, (_, i) => `${own}.${i}`);
        nodes.push({ op: "Split", inputs: value.operands.map(name), outputs, attributes: value.attributes });
        break;
      }
      case "Output":
        names.set(value, `${name(value.operands[0]!)}.${value.attributes.index}`);
        break;
      case "Strided":
        throw new Error("A strided view is no ONNX operator: `rewrite` makes a gather of it");
      case "SparseGemm":
        throw new Error("A product that skips zeros is no ONNX operator: only a step's program has it");
      default:
        nodes.push({
          op: value.op,
          inputs: value.operands.map(name),
          outputs: [own],
          attributes: value.op === "Cast" ? { to: ELEMENT_TYPES[value.dtype] } : value.attributes,
        });
    }
  }
  results.forEach((value, i) => {
    const wanted = resultNames[i]!;
    if (name(value) === wanted && isResult.has(value)) return;
    nodes.push({ op: "Identity", inputs: [name(value)], outputs: [wanted], attributes: {} });
  });
  return {
    nodes,
    initialisers,
    inputs,
    outputs: results.map(({ shape, dtype }, i) => ({ name: resultNames[i]!, shape, dtype })),
  };
}
