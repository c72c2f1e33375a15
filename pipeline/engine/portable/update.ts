import type { Entry, EntryStep } from "../graph/entrywise.ts";
import { updateKernel, updateNumbers } from "../update/kernel.ts";
import type { Optimiser } from "../update/rule.ts";
import type { PortableParameters } from "./parameters.ts";

/** Entries that are worked on at once: what all steps make of them stays in the cache. */
const CHUNK = 2048;

type Operation = (result: Float32Array, operands: readonly Float32Array[], length: number) => void;

/**
 * Storing a float64 result of two float32 operands as a float32 rounds as float32 arithmetic does (Figueroa, 1995),
 * so these give the same bytes as any other back end's loops. Each is a loop of its own, since a loop that calls what
 * it is given takes several times as long.
 */
const OPERATIONS: Readonly<Partial<Record<EntryStep["op"], Operation>>> = {
  Add(result, [a, b], length) {
    for (let i = 0; i < length; i++) result[i] = a![i]! + b![i]!;
  },
  Sub(result, [a, b], length) {
    for (let i = 0; i < length; i++) result[i] = a![i]! - b![i]!;
  },
  Mul(result, [a, b], length) {
    for (let i = 0; i < length; i++) result[i] = a![i]! * b![i]!;
  },
  Div(result, [a, b], length) {
    for (let i = 0; i < length; i++) result[i] = a![i]! / b![i]!;
  },
  Max(result, [a, b], length) {
    for (let i = 0; i < length; i++) result[i] = Math.max(a![i]!, b![i]!);
  },
  Abs(result, [x], length) {
    for (let i = 0; i < length; i++) result[i] = Math.abs(x![i]!);
  },
  Sqrt(result, [x], length) {
    for (let i = 0; i < length; i++) result[i] = Math.sqrt(x![i]!);
  },
  Flush(result, [x, smallest], length) {
    for (let i = 0; i < length; i++) result[i] = Math.abs(x![i]!) < smallest![i]! ? 0 : x![i]!;
  },
};

/** Updates parameters from gradients, in plain JavaScript. */
export class PortableUpdate {
  readonly #parameters: PortableParameters;
  readonly #optimiser: Optimiser;
  readonly #parts: number;

  constructor(parameters: PortableParameters, optimiser: Optimiser, parts: number) {
    this.#parameters = parameters;
    this.#optimiser = optimiser;
    this.#parts = parts;
  }

  /** @param gradients each variable's, one array for each part of the batch; none where the loss does not reach it */
  run(learningRate: number, gradients: ReadonlyMap<string, readonly Float32Array[]>): void {
    const optimiser = this.#optimiser, parameters = this.#parameters;
    const step = ++parameters.step;
    for (const { variables, rate } of parameters.groups) {
      const own = [...gradients].flatMap(([name, parts]) => variables.includes(name) ? [parts] : []);
      const numbers = updateNumbers(optimiser, {
        step,
        learningRate: learningRate * rate,
        parts: this.#parts,
        squares: optimiser.clipNorm === undefined ? 0 : sumOfSquares(own),
      });
      for (const name of variables) {
        const parts = gradients.get(name) ?? [];
        const kernel = updateKernel(optimiser, parts.length);
        const sections = kernel.sections.map((section) => parameters.entries(section, name));
        apply(kernel.steps, kernel.results, {
          operands: [...sections, ...parts],
          numbers: kernel.numbers.map((number) => numbers[number]!),
          results: sections,
        });
      }
    }
  }
}

/** The squares of the gradients, each the sum of its parts. */
function sumOfSquares(gradients: readonly (readonly Float32Array[])[]): number {
  let sum = 0;
  for (const [first, ...rest] of gradients) {
    first?.forEach((value, i) => {
      for (const other of rest) value = Math.fround(value + other[i]!);
      sum += value * value;
    });
  }
  return sum;
}

/** Takes the steps for all entries. Operands are tensors and then numbers; results may be among the operands. */
function apply(
  steps: readonly EntryStep[],
  outcomes: readonly Entry[],
  { operands, numbers, results }: {
    readonly operands: readonly Float32Array[];
    readonly numbers: readonly number[];
    readonly results: readonly Float32Array[];
  },
): void {
  const size = results[0]!.length, most = Math.min(CHUNK, size);
  const filled = (number: number) => new Float32Array(most).fill(number);
  const repeated = numbers.map(filled);
  const constants = steps.map(({ entries }) =>
    entries.map((entry) => "number" in entry ? filled(entry.number) : undefined)
  );
  const made = steps.map(() => new Float32Array(most));
  for (let start = 0; start < size; start += most) {
    const length = Math.min(most, size - start);
    const chunks = [...operands.map((tensor) => tensor.subarray(start, start + length)), ...repeated];
    const read = (entry: Entry): Float32Array =>
      "operand" in entry
        ? chunks[entry.operand]!
        : "step" in entry
        ? made[entry.step]!
        : filled(entry.number);
    steps.forEach(({ op, entries }, step) => {
      OPERATIONS[op]!(made[step]!, entries.map((entry, i) => constants[step]![i] ?? read(entry)), length);
    });
    outcomes.forEach((entry, i) => results[i]!.set(read(entry).subarray(0, length), start));
  }
}
