import type { Optimiser } from "../../engine.ts";
import { sizeOf } from "../../graph/graph.ts";
import type { Arena } from "../arena.ts";
import type { Assembly } from "../program/assembly.ts";
import type { Command, Phase } from "../program/run.ts";
import { type Block, NUMBERS, squaresLoop, updateLoop } from "./update.ts";

/** A variable and the addresses of tensors whose sum is its gradient. */
export interface Gradient {
  readonly name: string;
  readonly addresses: readonly number[];
}

/** Addresses of what the update's commands read and write beside gradients and parameters. */
export interface UpdateMemory {
  readonly numbers: number;
  /** Each thread's running sum of the gradient's squares. */
  readonly squares: number;
}

/** From so many entries on, both threads work on one variable. */
const SHARED_FROM = 4096;
/** Where it is cut, a multiple of this many entries: a cache line. */
const LINE = 16;

/** Commands for the update of an arena from gradients in the program's own memory. */
export class Updates {
  readonly #assembly: Assembly;
  readonly #arena: Arena;
  readonly #optimiser: Optimiser;
  readonly #memory: UpdateMemory;

  constructor(assembly: Assembly, arena: Arena, optimiser: Optimiser, memory: UpdateMemory) {
    this.#assembly = assembly;
    this.#arena = arena;
    this.#optimiser = optimiser;
    this.#memory = memory;
  }

  /**
   * @param offset of the block's first entry in the variable
   * @param gradients addresses of the block's
   */
  update(name: string, offset: number, block: Block, gradients: readonly number[]): Command {
    const { numbers } = this.#memory;
    const sections = this.#optimiser.name === "sgd"
      ? ["values", "moment1"] as const
      : ["values", "moment1", "moment2"] as const;
    const parameters = sections.map((section) => this.#arena.address(section, name) + offset * 4);
    return this.#assembly.loop(updateLoop(this.#optimiser, block), [
      ...parameters,
      ...gradients,
      ...NUMBERS.map((_, i) => numbers + i * 4),
      ...parameters,
    ]);
  }

  /** Adds up the squares of a block's gradients; stores their sum over the addresses, where asked to. */
  squares(
    thread: number,
    block: Block,
    gradients: readonly number[],
    store?: { readonly address: number; readonly strides: readonly number[] },
  ): Command {
    const sum = this.#memory.squares + 4 * thread;
    const results = store ? [store.address, sum] : [sum];
    return this.#assembly.loop(squaresLoop(block, store?.strides), [...gradients, ...results]);
  }

  /** What each thread updates of the variables. */
  phase(gradients: readonly Gradient[]): Phase {
    return this.#halves(
      gradients,
      ({ name, addresses }, offset, block) => this.update(name, offset, block, addresses),
    );
  }

  /** What each thread sums up of the squares of the variables' gradients. */
  squaresPhase(gradients: readonly Gradient[]): Phase {
    const reached = gradients.filter(({ addresses }) => addresses.length > 0);
    return this.#halves(reached, ({ addresses }, _, block, thread) => this.squares(thread, block, addresses));
  }

  #halves(
    gradients: readonly Gradient[],
    make: (gradient: Gradient, offset: number, block: Block, thread: number) => Command,
  ): Phase {
    const lists: [Command[], Command[]] = [[], []];
    for (const gradient of gradients) {
      const size = sizeOf(this.#arena.shape(gradient.name)), count = gradient.addresses.length;
      const middle = size < SHARED_FROM ? size : Math.ceil(size / 2 / LINE) * LINE;
      [[0, middle], [middle, size]].forEach(([from, to], thread) => {
        if (from === to) return;
        const block = { sides: [to! - from!], parameters: [1], gradients: [1], count };
        const addresses = gradient.addresses.map((address) => address + from! * 4);
        lists[thread]!.push(make({ ...gradient, addresses }, from!, block, thread));
      });
    }
    return lists;
  }
}
