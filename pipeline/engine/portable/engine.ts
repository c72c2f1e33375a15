import { checkFunction, checkScalars, divideStep, Owned } from "../definition.ts";
import type {
  CompiledFunction,
  Engine,
  FunctionDefinition,
  NamedTensors,
  Parameters,
  StepDefinition,
  TrainingStep,
} from "../engine.ts";
import { sizeOf } from "../graph/graph.ts";
import { withoutRandomness } from "../guard.ts";
import { bytesOf, memoryOf, placesOf, ProgramMemory } from "../native/memory.ts";
import { Arena, asArena } from "../native/arena.ts";
import { startPlainBackend } from "./plain_backend.ts";
import { Assembly } from "../native/program/assembly.ts";
import { Program } from "../native/program/program.ts";
import { runAll } from "../native/program/run.ts";
import { tf } from "../tfjs.ts";
import { Updates } from "../native/update/phases.ts";
import { UpdateNumbers } from "../native/update/numbers.ts";

/** The engine that needs no native library: every operation is run by tfjs as it is called. */
export async function openPortableEngine(): Promise<Engine> {
  return new PortableEngine(await startPlainBackend());
}

class PortableEngine implements Engine {
  readonly name = "portable";
  readonly version: string;
  readonly #owned = new Owned();

  constructor(backend: string) {
    this.version = `tfjs ${tf.version.tfjs} ${backend}`;
  }

  parameters(variables: readonly tf.Variable[]): Parameters {
    return this.#owned.add(new Arena(variables));
  }

  compileStep(definition: StepDefinition): TrainingStep {
    return this.#owned.add(new PortableStep(definition, this.#owned));
  }

  compileFunction(definition: FunctionDefinition): CompiledFunction {
    return this.#owned.add(new PortableFunction(definition, this.#owned));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

class PortableStep implements TrainingStep {
  readonly #definition: StepDefinition;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #parts: 1 | 2;
  readonly #shapes: Record<string, number[]>;
  readonly #memory: ProgramMemory;
  /** Updates the weights from the gradients that the parts leave. */
  readonly #program: Program;
  readonly #numbers: UpdateNumbers;
  readonly inputs: Readonly<Record<string, Float32Array>>;

  constructor(definition: StepDefinition, owner: Owned) {
    this.#owner = owner;
    this.#definition = definition;
    this.#arena = asArena(definition.parameters);
    this.#arena.claim(definition.optimiser.name);
    ({ parts: this.#parts, shapes: this.#shapes } = divideStep(definition));
    const parts = Array.from({ length: this.#parts }, (_, part) => part);
    const names = Object.keys(definition.inputs), variables = this.#arena.names;
    const shapes = Object.fromEntries([
      ...names.map((name) => [`input/${name}`, definition.inputs[name]!.shape] as const),
      ...variables.flatMap((name) =>
        parts.map((part) => [`gradient${part}/${name}`, this.#arena.shape(name)] as const)
      ),
      ...Object.entries(UpdateNumbers.TENSORS),
    ]);
    const places = placesOf(shapes), memory = memoryOf(bytesOf(shapes), true);
    this.#memory = new ProgramMemory(shapes, memory.buffer);
    this.#numbers = new UpdateNumbers(definition.optimiser, this.#parts, this.#memory);
    this.inputs = this.#memory.named(names, (name) => `input/${name}`);
    const assembly = new Assembly([memory, this.#arena.memory]);
    const updates = new Updates(assembly, this.#arena, definition.optimiser, UpdateNumbers.places(places));
    const gradients = variables.map((name) => ({
      name,
      addresses: parts.map((part) => places[`gradient${part}/${name}`]!),
    }));
    const squares = definition.optimiser.clipNorm === undefined ? [] : [updates.squaresPhase(gradients)];
    this.#program = new Program(assembly, [...squares, updates.phase(gradients)]);
  }

  run(learningRate: number): Record<string, number> {
    this.#memory.assertAlive();
    const sums: Record<string, number> = {};
    load(this.#arena);
    for (let part = 0; part < this.#parts; part++) {
      for (const [name, value] of Object.entries(this.#runPart(part))) {
        sums[name] = (sums[name] ?? 0) + value / this.#parts;
      }
    }
    const { phases, runnable } = this.#program, step = ++this.#arena.step;
    this.#numbers.during(phases.length, step, learningRate, (phase) => runnable[phase]!.forEach(runAll));
    return sums;
  }

  /** Leaves the part's gradients in memory and returns its scalars. */
  #runPart(part: number): Record<string, number> {
    const { variables } = this.#arena;
    return tf.tidy(() => {
      const inputs: NamedTensors = {};
      for (const [name, shape] of Object.entries(this.#shapes)) {
        const start = this.#definition.inputs[name]!.batched ? part * sizeOf(shape) : 0;
        inputs[name] = tf.tensor(this.inputs[name]!.slice(start, start + sizeOf(shape)), shape);
      }
      let scalars: NamedTensors = {};
      const { grads } = tf.variableGrads(() => {
        const results = withoutRandomness(() => this.#definition.step(inputs));
        checkScalars(results);
        // Otherwise the tape's own scope disposes of everything but the loss.
        scalars = Object.fromEntries(
          Object.entries(results).map(([name, tensor]) => [name, tf.keep(tensor)]),
        );
        return results.loss;
      }, [...variables]);
      for (const { name } of variables) {
        const view = this.#memory.views[`gradient${part}/${name}`]!;
        if (grads[name]) view.set(grads[name].dataSync<"float32">());
        else view.fill(0);
      }
      return Object.fromEntries(
        Object.entries(scalars).map(([name, tensor]) => {
          const value = tensor.dataSync()[0]!;
          tensor.dispose();
          return [name, value];
        }),
      );
    });
  }

  dispose(): void {
    this.#owner.delete(this);
    this.#memory.dispose();
  }
}

class PortableFunction implements CompiledFunction {
  readonly #definition: FunctionDefinition;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #memory: ProgramMemory;

  constructor(definition: FunctionDefinition, owner: Owned) {
    this.#owner = owner;
    checkFunction(definition);
    this.#definition = definition;
    this.#arena = asArena(definition.parameters);
    this.#memory = new ProgramMemory(definition.inputs);
  }

  get inputs() {
    return this.#memory.views;
  }

  run(): Record<string, Float32Array> {
    this.#memory.assertAlive();
    load(this.#arena);
    return tf.tidy(() => {
      const inputs = Object.fromEntries(
        Object.entries(this.#definition.inputs).map((
          [name, shape],
        ) => [name, tf.tensor(this.inputs[name]!.slice(), [...shape])]),
      );
      const outputs = withoutRandomness(() => this.#definition.fn(inputs));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())]),
      );
    });
  }

  dispose(): void {
    this.#owner.delete(this);
    this.#memory.dispose();
  }
}

/** Copies the arena's values into the tfjs variables that the step reads. */
function load(arena: Arena): void {
  tf.tidy(() => {
    for (const variable of arena.variables) {
      variable.assign(tf.tensor(arena.get(variable.name), variable.shape));
    }
  });
}
