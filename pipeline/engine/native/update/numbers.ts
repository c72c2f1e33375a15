import type { Optimiser } from "../../engine.ts";
import type { ProgramMemory } from "../memory.ts";
import type { UpdateMemory } from "./phases.ts";
import { NUMBERS, numbersOf } from "./update.ts";

const NOW = "update/numbers", SQUARES = "update/squares";

/** What a program's update commands read and leave beside gradients and parameters, in the program's memory. */
export class UpdateNumbers {
  readonly #optimiser: Optimiser;
  readonly #parts: number;
  readonly #now: Float32Array;
  readonly #squares: Float32Array;

  /** Their shapes. */
  static readonly TENSORS = { [NOW]: [NUMBERS.length], [SQUARES]: [2] } as const;

  /** Of a program's tensors, their places. */
  static places(addresses: Readonly<Record<string, number>>): UpdateMemory {
    return { numbers: addresses[NOW]!, squares: addresses[SQUARES]! };
  }

  constructor(optimiser: Optimiser, parts: number, memory: ProgramMemory) {
    this.#optimiser = optimiser;
    this.#parts = parts;
    this.#now = memory.views[NOW]!;
    this.#squares = memory.views[SQUARES]!;
  }

  /** Runs a step's phases, each with the numbers that there are by then: the last knows all squares. */
  during(phases: number, step: number, learningRate: number, run: (phase: number) => void): void {
    this.#squares.fill(0);
    for (let phase = 0; phase < phases; phase++) {
      this.#write(step, learningRate);
      run(phase);
    }
  }

  #write(step: number, learningRate: number): void {
    const squares = this.#squares.reduce((sum, square) => sum + square, 0);
    const now = numbersOf(this.#optimiser, step, learningRate, this.#parts, squares);
    this.#now.set(NUMBERS.map((name) => now[name]));
  }
}
