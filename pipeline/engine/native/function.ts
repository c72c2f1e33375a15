import { checkFunction, type Owned } from "../definition.ts";
import type { CompiledFunction, FunctionDefinition } from "../engine.ts";
import type { Shape } from "../../base/shape.ts";
import type { Value } from "../graph/value.ts";
import { buildModel } from "../onnx/build.ts";
import { encodeModel } from "../onnx/encode.ts";
import type { Model } from "../onnx/model.ts";
import { inputName, parameterName, traceFunction } from "../trace/trace.ts";
import { Arena } from "./arena.ts";
import { ProgramMemory } from "./memory.ts";
import { orientProducts } from "./orient.ts";
import { type Binding, BoundCall, InferenceSession } from "./ort/session.ts";

/** A compiled function of the native engine: one graph, run by ONNX Runtime as a whole. */
export class NativeFunction implements CompiledFunction {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #memory: ProgramMemory;
  readonly #session: InferenceSession;
  readonly #call: BoundCall;
  readonly #outputs: Readonly<Record<string, Float32Array>>;

  constructor(definition: FunctionDefinition, owner: Owned) {
    this.#owner = owner;
    checkFunction(definition);
    const arena = this.#arena = Arena.of(definition.parameters);
    const { graph, results } = traceFunction(arena, definition.inputs, definition.fn);
    arena.bind();
    const model = buildModel(graph, graph.floats(unshaped(results)), orientProducts);
    this.#memory = new ProgramMemory({
      ...prefixed(definition.inputs),
      ...Object.fromEntries(model.outputs.map(({ name, shape }) => [`output/${name}`, shape as Shape])),
    });
    this.inputs = this.#memory.named(Object.keys(definition.inputs), inputName);
    this.#outputs = Object.fromEntries(
      model.outputs.map(({ name }) => [name, this.#memory.views[`output/${name}`]!]),
    );
    this.#session = new InferenceSession(encodeModel(model), { threads: 2, nodes: model.nodes.length });
    this.#call = new BoundCall(
      this.#session,
      bindInputs(model.inputs, arena, (name) => this.#memory.views[name]!),
      bind(model.outputs, (name) => this.#outputs[name]!),
    );
  }

  run(): Readonly<Record<string, Float32Array>> {
    this.#memory.assertAlive();
    this.#arena.assertAlive();
    this.#call.run();
    return this.#outputs;
  }

  dispose(): void {
    if (!this.#memory.dispose()) return;
    this.#owner.delete(this);
    this.#call.dispose();
    this.#session.dispose();
  }
}

/** Results are read as flat arrays, so a last reshape would be a copy for nothing. */
function unshaped(results: Readonly<Record<string, Value>>): Record<string, Value> {
  return mapValues(results, (value) => value.op === "Reshape" ? value.operands[0]! : value);
}

/** The graph's inputs: parameters in the arena, the rest where `dataOf` says. */
function bindInputs(
  inputs: Model["inputs"],
  arena: Arena,
  dataOf: (name: string) => Float32Array,
): Binding[] {
  const prefix = parameterName("");
  return bind(
    inputs,
    (name) => name.startsWith(prefix) ? arena.view(name.slice(prefix.length)) : dataOf(name),
  );
}

function bind(tensors: Model["inputs"], dataOf: (name: string) => Float32Array): Binding[] {
  return tensors.map(({ name, shape }) => ({
    name,
    shape: shape as Shape,
    dtype: "float32",
    data: dataOf(name),
  }));
}

function prefixed(shapes: Readonly<Record<string, Shape>>): Record<string, Shape> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [inputName(name), shape]));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
