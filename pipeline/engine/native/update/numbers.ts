import { numberNames, updateNumbers } from "../../update/kernel.ts";
import type { Optimiser } from "../../update/rule.ts";
import type { ProgramMemory } from "../memory.ts";

const NUMBERS = "update/numbers", SQUARES = "update/squares";

/** Byte addresses of what updates read and leave in a program's memory beside gradients. */
export interface UpdateAddresses {
  /** Addresses of the update's numbers, in order. */
  readonly numbers: readonly number[];
  /** Address of the first thread's running sum of squares; the second thread's follows. */
  readonly squares: number;
}

/** The numbers of the step under way, in a program's memory. */
export class UpdateNumbers {
  readonly #optimiser: Optimiser;
  readonly #parts: number;
  readonly #names: readonly string[];
  readonly #numbers: Float32Array;
  readonly #squares: Float32Array;

  constructor(optimiser: Optimiser, parts: number, memory: ProgramMemory) {
    this.#optimiser = optimiser;
    this.#parts = parts;
    this.#names = numberNames(optimiser);
    this.#numbers = memory.views[NUMBERS]!;
    this.#squares = memory.views[SQUARES]!;
  }

  /** Shapes of the tensors that it needs there. */
  static tensors(optimiser: Optimiser): Readonly<Record<string, readonly number[]>> {
    return { [NUMBERS]: [numberNames(optimiser).length], [SQUARES]: [2] };
  }

  /** @param addresses those of the program's tensors */
  static addresses(optimiser: Optimiser, addresses: Readonly<Record<string, number>>): UpdateAddresses {
    return {
      numbers: numberNames(optimiser).map((_, i) => addresses[NUMBERS]! + i * 4),
      squares: addresses[SQUARES]!,
    };
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
    const now = updateNumbers(this.#optimiser, { step, learningRate, parts: this.#parts, squares });
    this.#names.forEach((name, i) => this.#numbers[i] = now[name]!);
  }
}
