import { numberNames, updateNumbers } from "../../update/kernel.ts";
import type { Optimiser, VariableGroup } from "../../update/rule.ts";
import type { ProgramMemory } from "../memory.ts";

const NUMBERS = "update/numbers", SQUARES = "update/squares";

/** Byte addresses of what updates read and leave in a program's memory beside gradients. */
export interface UpdateAddresses {
  /** Addresses of the update's numbers, in order. */
  readonly numbers: readonly number[];
  /** Address of the first thread's running sum of squares; the second thread's follows. */
  readonly squares: number;
}

type Groups = readonly Required<VariableGroup>[];

/** The numbers of the step under way, in a program's memory: those of one group of variables after the other. */
export class UpdateNumbers {
  readonly #optimiser: Optimiser;
  readonly #groups: Groups;
  readonly #parts: number;
  readonly #names: readonly string[];
  readonly #numbers: Float32Array;
  readonly #squares: Float32Array;

  constructor(optimiser: Optimiser, groups: Groups, parts: number, memory: ProgramMemory) {
    this.#optimiser = optimiser;
    this.#groups = groups;
    this.#parts = parts;
    this.#names = numberNames(optimiser);
    this.#numbers = memory.views[NUMBERS]!;
    this.#squares = memory.views[SQUARES]!;
  }

  /** Shapes of the tensors that it needs there. */
  static tensors(optimiser: Optimiser, groups: Groups): Readonly<Record<string, readonly number[]>> {
    return { [NUMBERS]: [groups.length, numberNames(optimiser).length], [SQUARES]: [groups.length, 2] };
  }

  /** Where those of each variable lie. @param addresses those of the program's tensors */
  static addresses(
    optimiser: Optimiser,
    groups: Groups,
    addresses: Readonly<Record<string, number>>,
  ): ReadonlyMap<string, UpdateAddresses> {
    const names = numberNames(optimiser);
    return new Map(groups.flatMap(({ variables }, group) => {
      const first = addresses[NUMBERS]! + group * names.length * 4;
      const numbers = names.map((_, i) => first + i * 4);
      return variables.map((name) => [name, { numbers, squares: addresses[SQUARES]! + group * 8 }]);
    }));
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
    this.#groups.forEach(({ rate }, group) => {
      const squares = this.#squares[2 * group]! + this.#squares[2 * group + 1]!;
      const now = updateNumbers(this.#optimiser, {
        step,
        learningRate: learningRate * rate,
        parts: this.#parts,
        squares,
      });
      this.#names.forEach((name, i) => this.#numbers[group * this.#names.length + i] = now[name]!);
    });
  }
}
