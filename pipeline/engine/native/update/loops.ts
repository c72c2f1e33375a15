import type { Entry, EntryStep } from "../../graph/entrywise.ts";
import { updateKernel } from "../../update/kernel.ts";
import type { Optimiser } from "../../update/rule.ts";
import { type AddressSpace, type Loop, OWN, PARAMETERS } from "../program/loop.ts";

/** Entries to be updated: a block of them, with the strides of the parameters and the gradients. */
export interface Block {
  readonly sides: readonly number[];
  readonly parameters: readonly number[];
  readonly gradients: readonly number[];
  /** Tensors whose sum is the gradient; where there is none it is 0. */
  readonly count: number;
}

/** Operands: the sections, the gradients, the numbers of `updateKernel`. Results: the sections. */
export function updateLoop(optimiser: Optimiser, { sides, parameters, gradients, count }: Block): Loop {
  const kernel = updateKernel(optimiser, count);
  const tensor = (memory: AddressSpace, strides: readonly number[]) => ({ memory, strides });
  const still = sides.map(() => 0);
  return {
    sides,
    operands: [
      ...kernel.sections.map(() => tensor(PARAMETERS, parameters)),
      ...Array.from({ length: count }, () => tensor(OWN, gradients)),
      ...kernel.numbers.map(() => tensor(OWN, still)),
    ],
    steps: kernel.steps,
    results: kernel.results.map((entry) => ({
      ...tensor(PARAMETERS, parameters),
      entry,
      kind: "entries",
      size: 0,
    })),
  };
}

/**
 * Operands: gradients. Results: their sum, where `store` says with what strides, and the running sum of its squares.
 */
export function squaresLoop({ sides, gradients, count }: Block, store?: readonly number[]): Loop {
  const steps: EntryStep[] = [];
  const step = (op: EntryStep["op"], ...entries: readonly Entry[]): Entry => ({
    step: steps.push({ op, entries, attributes: {} }) - 1,
  });
  const operands = Array.from({ length: count }, () => ({ memory: OWN, strides: gradients }) as const);
  const gradient = operands.map((_, operand): Entry => ({ operand })).reduce((a, b) => step("Add", a, b));
  const square = step("Mul", gradient, gradient);
  return {
    sides,
    operands,
    steps,
    results: [
      ...(store ? [{ memory: OWN, strides: store, entry: gradient, kind: "entries", size: 0 } as const] : []),
      { memory: OWN, strides: sides.map(() => 0), entry: square, kind: "running sum", size: 1 },
    ],
  };
}
