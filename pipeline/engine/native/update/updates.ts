import { sizeOf } from "../../../base/shape.ts";
import type { Optimiser } from "../../update/rule.ts";
import type { Arena } from "../arena.ts";
import { LINE } from "../memory.ts";
import type { Assembly } from "../program/assembly.ts";
import type { Invocation, Phase } from "../program/run.ts";
import { type Block, squaresLoop, updateLoop } from "./loops.ts";
import type { UpdateAddresses } from "./numbers.ts";

/** A variable and the addresses of tensors whose sum is its gradient. */
export interface Gradient {
  readonly name: string;
  readonly addresses: readonly number[];
}

/** Entries from which both threads work on one variable. */
const SHARED_FROM = 4096;

/** Invocations that update an arena from gradients in the program's own memory. */
export class Updates {
  readonly #assembly: Assembly;
  readonly #arena: Arena;
  readonly #optimiser: Optimiser;
  readonly #addresses: ReadonlyMap<string, UpdateAddresses>;

  /** @param addresses of each variable's numbers */
  constructor(
    assembly: Assembly,
    arena: Arena,
    optimiser: Optimiser,
    addresses: ReadonlyMap<string, UpdateAddresses>,
  ) {
    this.#assembly = assembly;
    this.#arena = arena;
    this.#optimiser = optimiser;
    this.#addresses = addresses;
  }

  /**
   * @param offset the entry of the variable at which the block begins
   * @param gradients addresses at which the block of each gradient begins
   */
  update(name: string, offset: number, block: Block, gradients: readonly number[]): Invocation {
    const parameters = this.#arena.sections.map((section) => this.#arena.address(section, name) + offset * 4);
    return this.#assembly.loop(updateLoop(this.#optimiser, block), [
      ...parameters,
      ...gradients,
      ...this.#addresses.get(name)!.numbers,
      ...parameters,
    ]);
  }

  /** Adds up the squares of the sum of a block's gradients, and stores that sum where asked to. */
  squares(
    name: string,
    thread: number,
    block: Block,
    gradients: readonly number[],
    store?: { readonly address: number; readonly strides: readonly number[] },
  ): Invocation {
    const sum = this.#addresses.get(name)!.squares + 4 * thread;
    const results = store ? [store.address, sum] : [sum];
    return this.#assembly.loop(squaresLoop(block, store?.strides), [...gradients, ...results]);
  }

  /** Updates the variables, each thread its share. */
  phase(gradients: readonly Gradient[]): Phase {
    return this.#halves(
      gradients,
      ({ name, addresses }, offset, block) => this.update(name, offset, block, addresses),
    );
  }

  /** Adds up the squares of the variables' gradients, each thread those of its share. */
  squaresPhase(gradients: readonly Gradient[]): Phase {
    const reached = gradients.filter(({ addresses }) => addresses.length > 0);
    return this.#halves(
      reached,
      ({ name, addresses }, _, block, thread) => this.squares(name, thread, block, addresses),
    );
  }

  #halves(
    gradients: readonly Gradient[],
    make: (gradient: Gradient, offset: number, block: Block, thread: number) => Invocation,
  ): Phase {
    const lists: [Invocation[], Invocation[]] = [[], []];
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
