import { checkFunction, Owned } from "../definition.ts";
import type {
  CompiledFunction,
  Engine,
  FunctionDefinition,
  Parameters,
  Shape,
  StepDefinition,
  TrainingStep,
} from "../engine.ts";
import type { Value } from "../graph/graph.ts";
import { buildModel, encodeModel, type Model } from "../onnx/model.ts";
import { orientProducts } from "./orient.ts";
import { sharedLane } from "./thread/second_thread.ts";
import { ProgramMemory } from "./memory.ts";
import { openLibrary } from "./ort/library.ts";
import { type Binding, BoundCall, Session } from "./ort/session.ts";
import { Arena, asArena } from "./arena.ts";
import { NativeStep } from "./step.ts";
import { tf } from "../tfjs.ts";
import { inputName, parameterName, traceFunction } from "../trace/trace.ts";

/**
 * The engine that traces a step into one ONNX graph, forward and backward, and runs it in ONNX Runtime: weights,
 * gradients, inputs and outputs stay where they are, and nothing is copied.
 */
export class NativeEngine implements Engine {
  readonly name = "native";
  readonly version: string;
  readonly #lane = sharedLane();
  readonly #owned = new Owned();

  /** Throws where the library does not load. */
  constructor() {
    this.version = `tfjs ${tf.version.tfjs} in ONNX Runtime ${openLibrary().version}`;
  }

  parameters(variables: readonly tf.Variable[]): Parameters {
    return this.#owned.add(new Arena(variables, "transposed"));
  }

  compileStep(definition: StepDefinition): TrainingStep {
    return this.#owned.add(new NativeStep(definition, this.#lane, this.#owned));
  }

  compileFunction(definition: FunctionDefinition): CompiledFunction {
    return this.#owned.add(new NativeFunction(definition, this.#owned));
  }

  /** Whether trainings have a second thread by now: it changes no byte. */
  get usesLane(): boolean {
    return this.#lane.ready;
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

class NativeFunction implements CompiledFunction {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #memory: ProgramMemory;
  readonly #session: Session;
  readonly #call: BoundCall;
  readonly #outputs: Readonly<Record<string, Float32Array>>;

  constructor(definition: FunctionDefinition, owner: Owned) {
    this.#owner = owner;
    checkFunction(definition);
    const arena = this.#arena = asArena(definition.parameters);
    const { graph, results } = traceFunction(arena, definition.inputs, definition.fn);
    const model = buildModel(graph, graph.floats(unshaped(results)), orientProducts);
    this.#memory = new ProgramMemory({
      ...prefixed(definition.inputs),
      ...Object.fromEntries(model.outputs.map(({ name, shape }) => [`output/${name}`, shape as Shape])),
    });
    this.inputs = this.#memory.named(Object.keys(definition.inputs), inputName);
    this.#outputs = Object.fromEntries(
      model.outputs.map(({ name }) => [name, this.#memory.views[`output/${name}`]!]),
    );
    this.#session = openSession(model, 2);
    this.#call = new BoundCall(
      this.#session,
      bind(model.inputs, arena, (name) => this.#memory.views[name]!),
      bindAll(model.outputs, (name) => this.#outputs[name]!),
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

function openSession(model: Model, threads: 1 | 2): Session {
  return new Session(encodeModel(model), { threads, nodes: model.nodes.length });
}

/** Results are read as flat arrays, so a last reshape would be a copy for nothing. */
function unshaped(results: Readonly<Record<string, Value>>): Record<string, Value> {
  return mapValues(results, (value) => value.op === "Reshape" ? value.operands[0]! : value);
}

/** The graph's inputs: parameters in the arena, the rest where `at` says. */
function bind(inputs: Model["inputs"], arena: Arena, at: (name: string) => Float32Array): Binding[] {
  const prefix = parameterName("");
  return bindAll(
    inputs,
    (name) => name.startsWith(prefix) ? arena.view("values", name.slice(prefix.length)) : at(name),
  );
}

function bindAll(tensors: Model["inputs"], at: (name: string) => Float32Array): Binding[] {
  return tensors.map(({ name, shape }) => ({
    name,
    shape: shape as Shape,
    dtype: "float32",
    data: at(name),
  }));
}

function prefixed(shapes: Readonly<Record<string, Shape>>): Record<string, Shape> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [inputName(name), shape]));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
