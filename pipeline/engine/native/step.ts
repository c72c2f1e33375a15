import { ExampleInputs, ImmediateStep, type Owned, trainedBy } from "../definition.ts";
import type { StepDefinition } from "../engine.ts";
import { inputName } from "../trace/trace.ts";
import { Arena } from "./arena.ts";
import { compileStep } from "./compile_step.ts";
import type { ProgramMemory } from "./memory.ts";
import type { Program } from "./program/program.ts";
import type { SecondThread } from "./thread/second_thread.ts";
import { UpdateNumbers } from "./update/numbers.ts";

/** A training step of the native engine. */
export class NativeStep extends ImmediateStep {
  override readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #thread: SecondThread;
  readonly #memory: ProgramMemory;
  readonly #program: Program;
  readonly #numbers: UpdateNumbers;
  readonly #scalars: readonly string[];
  readonly #examples: ExampleInputs;

  constructor(definition: StepDefinition, thread: SecondThread, owner: Owned) {
    super();
    this.#owner = owner;
    this.#thread = thread;
    this.#arena = Arena.of(definition.parameters);
    const { program, memory, parts, scalars } = compileStep(definition, this.#arena);
    this.#program = program;
    this.#memory = memory;
    this.#scalars = scalars;
    this.#numbers = new UpdateNumbers(trainedBy(definition), this.#arena.groups, parts, memory);
    this.#examples = new ExampleInputs(
      definition,
      memory.named(Object.keys(definition.inputs), inputName),
    );
    this.inputs = this.#examples.inputs;
  }

  override run(learningRate: number): Record<string, number> {
    this.#memory.assertAlive();
    this.#arena.assertAlive();
    this.#examples.gather();
    this.#thread.warmUp();
    const program = this.#program, step = ++this.#arena.step;
    this.#numbers.during(
      program.phases.length,
      step,
      learningRate,
      (phase) => this.#thread.run(program, phase),
    );
    return Object.fromEntries(this.#scalars.map((name) => {
      const byPart = this.#memory.views[name]!;
      return [name, byPart.reduce((sum, value) => sum + value / byPart.length, 0)];
    }));
  }

  override dispose(): void {
    if (!this.#memory.dispose()) return;
    this.#owner.delete(this);
    this.#thread.detach(this.#program);
    this.#program.dispose();
  }
}
