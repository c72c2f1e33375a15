import { compileStep } from "./compile_step.ts";
import type { Owned } from "../definition.ts";
import type { StepDefinition, TrainingStep } from "../engine.ts";
import type { Lane } from "./thread/second_thread.ts";
import type { ProgramMemory } from "./memory.ts";
import { type Arena, asArena } from "./arena.ts";
import type { Program } from "./program/program.ts";
import { inputName } from "../trace/trace.ts";
import { UpdateNumbers } from "./update/numbers.ts";

/** A training step of the native engine. */
export class NativeStep implements TrainingStep {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #owner: Owned;
  readonly #arena: Arena;
  readonly #lane: Lane;
  readonly #memory: ProgramMemory;
  readonly #program: Program;
  readonly #numbers: UpdateNumbers;
  readonly #scalars: readonly string[];

  constructor(definition: StepDefinition, lane: Lane, owner: Owned) {
    this.#owner = owner;
    this.#lane = lane;
    this.#arena = asArena(definition.parameters);
    const { program, memory, parts, scalars } = compileStep(definition, this.#arena);
    this.#program = program;
    this.#memory = memory;
    this.#scalars = scalars;
    this.#numbers = new UpdateNumbers(definition.optimiser, parts, memory);
    this.inputs = memory.named(Object.keys(definition.inputs), inputName);
  }

  run(learningRate: number): Record<string, number> {
    this.#memory.assertAlive();
    this.#arena.assertAlive();
    this.#lane.warmUp();
    const program = this.#program, step = ++this.#arena.step;
    this.#numbers.during(
      program.phases.length,
      step,
      learningRate,
      (phase) => this.#lane.run(program, phase),
    );
    return Object.fromEntries(this.#scalars.map((name) => {
      const ofParts = this.#memory.views[name]!;
      return [name, ofParts.reduce((sum, value) => sum + value / ofParts.length, 0)];
    }));
  }

  dispose(): void {
    if (!this.#memory.dispose()) return;
    this.#owner.delete(this);
    this.#lane.detach(this.#program);
    this.#program.dispose();
  }
}
