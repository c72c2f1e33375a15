import { type Shape, sizeOf } from "../base/shape.ts";
import type {
  ExampleBytes,
  FunctionDefinition,
  NamedTensors,
  StepDefinition,
  StepInput,
  TrainingStep,
} from "./engine.ts";
import type { tf } from "./tfjs.ts";
import { LOSS } from "./update/groups.ts";
import type { Optimiser, VariableGroup } from "./update/rule.ts";

/** Checks of what callers define, shared by all back ends so that they refuse the same things. */

function checkShape(name: string, shape: Shape): void {
  if (!shape.every((side) => Number.isSafeInteger(side) && side > 0)) {
    throw new RangeError(`Cannot compile: input "${name}" has the shape [${shape}]`);
  }
}

/** Refuses inputs that no array can hold. @throws {RangeError} which names the input */
export function checkFunction(definition: FunctionDefinition): void {
  for (const [name, shape] of Object.entries(definition.inputs)) checkShape(name, shape);
}

/** The optimiser that a step trains with. @throws {Error} where its parameters have none */
export function trainedBy({ parameters: { optimiser } }: StepDefinition): Optimiser {
  if (!optimiser) throw new Error("Cannot compile a training step: its parameters have no optimiser");
  return optimiser;
}

/**
 * How many parts the step runs on, and the shape of each input in one part.
 *
 * @throws {RangeError} where batched inputs differ in their number of examples, or cannot be divided as asked for
 */
export function divideStep(
  { inputs, parts }: StepDefinition,
): { parts: 1 | 2; shapes: Record<string, number[]> } {
  let batch: number | undefined;
  for (const [name, { shape, batched }] of Object.entries(inputs)) {
    checkShape(name, shape);
    if (!batched) continue;
    if (shape.length === 0) throw new RangeError(`Cannot compile: input "${name}" is batched but a scalar`);
    batch ??= shape[0]!;
    if (shape[0] !== batch) {
      throw new RangeError(
        `Cannot compile: input "${name}" has ${shape[0]} examples and another has ${batch}`,
      );
    }
  }
  const even = batch !== undefined && batch % 2 === 0;
  if (parts === 2 && !even) {
    throw new RangeError(`Cannot compile: ${batch ?? "no"} examples cannot be divided into 2 parts`);
  }
  const count = parts ?? (even ? 2 : 1);
  const shapes = Object.fromEntries(
    Object.entries(inputs).map(([name, { shape, batched }]) => [
      name,
      batched ? [shape[0]! / count, ...shape.slice(1)] : [...shape],
    ]),
  );
  return { parts: count, shapes };
}

/**
 * Refuses results of a step that are no scalars with a loss among them, and that of each group.
 * @throws {Error} which names the result
 */
export function checkScalars(
  scalars: NamedTensors,
  groups: readonly Pick<VariableGroup, "loss">[],
): asserts scalars is Record<string, tf.Scalar> {
  for (const name of [LOSS, ...groups.map(({ loss }) => loss)]) {
    if (scalars[name] === undefined) {
      throw new Error(`Cannot compile: the step returns nothing named "${name}"`);
    }
  }
  for (const [name, tensor] of Object.entries(scalars)) {
    if (tensor.rank !== 0) {
      throw new Error(`Cannot compile: "${name}" must be a scalar: its shape is [${tensor.shape}]`);
    }
  }
}

/** A step that is done when it is asked for. */
export abstract class ImmediateStep implements TrainingStep {
  readonly isDeferred = false;
  abstract readonly inputs: Readonly<Record<string, Float32Array>>;
  #done: Record<string, number>[] = [];

  abstract run(learningRate: number): Record<string, number>;
  abstract dispose(): void;

  enqueue(learningRate: number): void {
    this.#done.push(this.run(learningRate));
  }

  collect(): Record<string, number>[] {
    const done = this.#done;
    this.#done = [];
    return done;
  }
}

/** The examples of an input. @throws {RangeError} where they are no whole number of rows */
export function countExamples(name: string, { shape, examples }: StepInput): number {
  const count = examples!.bytes.length / sizeOf(shape.slice(1));
  if (!Number.isSafeInteger(count)) {
    throw new RangeError(`Cannot compile: input "${name}" has ${count} examples`);
  }
  return count;
}

/** Checks numbers of examples. @throws {RangeError} where there is no such example */
export function checkExamples(name: string, numbers: Float32Array, count: number): void {
  for (const number of numbers) {
    if (!(number >= 0 && number < count)) {
      throw new RangeError(
        `Cannot take a step: input "${name}" has no example ${number}: there are ${count}`,
      );
    }
  }
}

/** The value of each byte. */
export function byteValues({ scale }: ExampleBytes): Float32Array {
  return Float32Array.from({ length: 256 }, (_, byte) => byte * scale);
}

/** Fills inputs that are taken from examples, before a step. */
export class ExampleInputs {
  /** What callers write to. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly #gather: (() => void)[] = [];

  /** @param views where the values of each input go */
  constructor(
    definition: Pick<StepDefinition, "inputs">,
    views: Readonly<Record<string, Float32Array>>,
  ) {
    this.inputs = Object.freeze(Object.fromEntries(
      Object.entries(definition.inputs).map(([name, input]) => {
        const view = views[name]!;
        if (!input.examples) return [name, view];
        const { examples, shape } = input, size = sizeOf(shape.slice(1)), count = countExamples(name, input);
        const values = byteValues(examples);
        // Shared, because nobody can give that away.
        const numbers = new Float32Array(new SharedArrayBuffer(shape[0]! * 4));
        this.#gather.push(() => {
          checkExamples(name, numbers, count);
          let to = 0;
          for (const number of numbers) {
            const end = (number + 1) * size;
            for (let from = number * size; from < end; from++) view[to++] = values[examples.bytes[from]!]!;
          }
        });
        return [name, numbers];
      }),
    ));
  }

  gather(): void {
    for (const gather of this.#gather) gather();
  }
}

/** What an engine has made and nobody has disposed of yet. */
export class Owned {
  readonly #things = new Set<{ dispose(): void }>();

  add<T extends { dispose(): void }>(thing: T): T {
    this.#things.add(thing);
    return thing;
  }

  /** Things that are disposed of must be deleted, or a long process would hold on to their memory. */
  delete(thing: { dispose(): void }): void {
    this.#things.delete(thing);
  }

  /** The last made first: programs before the parameters that they use. */
  dispose(): void {
    for (const thing of [...this.#things].reverse()) thing.dispose();
    this.#things.clear();
  }
}
