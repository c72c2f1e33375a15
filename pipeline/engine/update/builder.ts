import type { Entry, EntryStep } from "../graph/entrywise.ts";
import type { EntryArithmetic } from "./rule.ts";

/** Writes down an entrywise computation, step by step. */
export class EntrywiseBuilder implements EntryArithmetic {
  readonly steps: EntryStep[] = [];
  #operands = 0;

  /** The next operand's entry. */
  operand(): Entry {
    return { operand: this.#operands++ };
  }

  add(a: Entry, b: Entry): Entry {
    return this.#step("Add", a, b);
  }

  subtract(a: Entry, b: Entry): Entry {
    return this.#step("Sub", a, b);
  }

  multiply(a: Entry, b: Entry): Entry {
    return this.#step("Mul", a, b);
  }

  divide(a: Entry, b: Entry): Entry {
    return this.#step("Div", a, b);
  }

  maximum(a: Entry, b: Entry): Entry {
    return this.#step("Max", a, b);
  }

  absolute(x: Entry): Entry {
    return this.#step("Abs", x);
  }

  squareRoot(x: Entry): Entry {
    return this.#step("Sqrt", x);
  }

  flush(x: Entry, smallest: number): Entry {
    return this.#step("Flush", x, { number: smallest });
  }

  #step(op: EntryStep["op"], ...entries: readonly Entry[]): Entry {
    return { step: this.steps.push({ op, entries, attributes: {} }) - 1 };
  }
}
