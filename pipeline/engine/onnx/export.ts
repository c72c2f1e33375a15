import type { NamedTensors, Parameters, StepInput } from "../engine.ts";
import type { Shape } from "../../base/shape.ts";
import { inputName, parameterName, traceFunction } from "../trace/trace.ts";
import { buildModel } from "./build.ts";
import { encodeModel } from "./encode.ts";
import type { Initialiser, Model, TensorDeclaration } from "./model.ts";

/** What is exported. */
export interface ExportDefinition {
  readonly parameters: Pick<Parameters, "variables" | "get">;
  /** The first side of a batched input stands for any number of examples. */
  readonly inputs: Readonly<Record<string, StepInput>>;
  /** Must work for a batch of any size. Each output's shape may depend on it. */
  readonly fn: (inputs: NamedTensors) => NamedTensors;
}

/**
 * The function as an ONNX model (IR 8, operator set 17) with the parameters' present values inside, for any batch
 * size. Works with the parameters of any engine.
 *
 * @throws {Error} where a constant of the function depends on the batch size in another way than a shape does (for
 * example a mean over the batch)
 */
export function exportOnnx(definition: ExportDefinition): Uint8Array<ArrayBuffer> {
  const batched = Object.keys(definition.inputs).find((name) => definition.inputs[name]!.batched);
  const model = batched === undefined
    ? modelFor(definition, 1)
    : anyBatch(modelFor(definition, BATCHES[0]), modelFor(definition, BATCHES[1]), inputName(batched));
  return encodeModel(named(embedded(model, definition.parameters)));
}

/** Two batch sizes that no layer's size is mistaken for. */
const BATCHES = [1009, 2003] as const;
const SYMBOL = "batch";

function modelFor({ parameters, inputs, fn }: ExportDefinition, batch: number): Model {
  const shapes = Object.fromEntries(
    Object.entries(inputs).map((
      [name, { shape, batched }],
    ) => [name, batched ? shape.with(0, batch) : shape]),
  );
  const variables = {
    variables: parameters.variables,
    latest: (name: string) => parameters.get(name),
    isTransposed: () => false, // `embedded` writes them as they are
  };
  const { graph, results } = traceFunction(variables, shapes, fn);
  return buildModel(graph, graph.floats(results));
}

/** Whether two constants are the same number, as NaN is the same as NaN. */
function isSame(a: number, b: number | undefined): boolean {
  return a === b || Object.is(a, b);
}

/**
 * One model out of two of the same function for two batch sizes. They differ in sides of shapes alone; each that
 * does is a whole number of batches plus a constant, and becomes -1 in a reshape or is computed from the input.
 */
function anyBatch(first: Model, second: Model, input: string): Model {
  const same = JSON.stringify(first.nodes) === JSON.stringify(second.nodes) &&
    first.initialisers.length === second.initialisers.length;
  if (!same) throw new Error("Cannot export: the function's operations depend on the batch size");
  const initialisers: Initialiser[] = [];
  const nodes: Model["nodes"][number][] = [];
  const reshapes = new Set(first.nodes.filter(({ op }) => op === "Reshape").map(({ inputs }) => inputs[1]!));
  const others = new Set(first.nodes.flatMap(({ op, inputs }) => op === "Reshape" ? [inputs[0]!] : inputs));
  first.initialisers.forEach((tensor, i) => {
    const data = Array.from(tensor.data), other = Array.from(second.initialisers[i]!.data);
    const differing = data.filter((value, j) => !isSame(value, other[j])).length;
    if (differing === 0 && data.length === other.length) {
      initialisers.push(tensor);
      return;
    }
    if (tensor.dtype !== "int64" || data.length !== other.length) {
      throw new Error("Cannot export: a constant of the function depends on the batch size");
    }
    const lines = data.map((value, j) => line(value, other[j]!));
    if (differing === 1 && reshapes.has(tensor.name) && !others.has(tensor.name)) {
      initialisers.push({
        ...tensor,
        data: lines.map(({ perExample, rest }) => perExample === 0 ? rest : -1),
      });
      return;
    }
    const [factor, term, product] = ["factor", "term", "product"].map((part) => `${tensor.name}.${part}`);
    const { shape, dtype } = tensor;
    initialisers.push({ name: factor!, shape, dtype, data: lines.map(({ perExample }) => perExample) });
    initialisers.push({ name: term!, shape, dtype, data: lines.map(({ rest }) => rest) });
    nodes.push({ op: "Mul", inputs: [SYMBOL, factor!], outputs: [product!], attributes: {} });
    nodes.push({ op: "Add", inputs: [product!, term!], outputs: [tensor.name], attributes: {} });
  });
  if (nodes.length > 0) {
    nodes.unshift({ op: "Shape", inputs: [input], outputs: [SYMBOL], attributes: { start: 0, end: 1 } });
  }
  const symbolic = (tensors: Model["inputs"], others: Model["inputs"]): TensorDeclaration[] =>
    tensors.map(({ name, shape, dtype }, i) => ({
      dtype,
      name,
      shape: shape.map((side, axis) => symbolicSide(side as number, others[i]!.shape[axis] as number)),
    }));
  return {
    nodes: [...nodes, ...first.nodes],
    initialisers,
    inputs: symbolic(first.inputs, second.inputs),
    outputs: symbolic(first.outputs, second.outputs),
  };
}

/** The whole numbers for which the side is `perExample` * batch + `rest` at both batch sizes. */
function line(first: number, second: number): { perExample: number; rest: number } {
  const perExample = (second - first) / (BATCHES[1] - BATCHES[0]);
  if (!Number.isInteger(perExample)) {
    throw new Error("Cannot export: a shape is not a whole number of examples plus a constant");
  }
  return { perExample, rest: first - perExample * BATCHES[0] };
}

function symbolicSide(first: number, second: number): number | string {
  const { perExample, rest } = line(first, second);
  if (perExample === 0) return rest;
  return [perExample === 1 ? SYMBOL : `${perExample}*${SYMBOL}`, ...(rest === 0 ? [] : [rest])].join(" + ");
}

/** Parameters become constants of the model. */
function embedded(model: Model, parameters: ExportDefinition["parameters"]): Model {
  const prefix = parameterName("");
  const isParameter = ({ name }: TensorDeclaration) => name.startsWith(prefix);
  return {
    ...model,
    inputs: model.inputs.filter((input) => !isParameter(input)),
    initialisers: [
      ...model.initialisers,
      ...model.inputs.filter(isParameter).map(({ name, shape }): Initialiser => ({
        name,
        shape: shape as Shape,
        dtype: "float32",
        data: parameters.get(name.slice(prefix.length)),
      })),
    ],
  };
}

/** The caller's own names for the inputs. */
function named(model: Model): Model {
  const prefix = inputName("");
  const rename = (name: string) => name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return {
    ...model,
    inputs: model.inputs.map((input) => ({ ...input, name: rename(input.name) })),
    nodes: model.nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename) })),
  };
}
