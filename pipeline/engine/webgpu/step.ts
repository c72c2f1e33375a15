import {
  byteValues,
  checkExamples,
  countExamples,
  divideStep,
  type Owned,
  trainedBy,
} from "../definition.ts";
import type { StepDefinition, StepInput, TrainingStep } from "../engine.ts";
import { sizeOf } from "../../base/shape.ts";
import { gradientName, inputName, parameterName, traceStep } from "../trace/trace.ts";
import { numberNames, updateNumbers } from "../update/kernel.ts";
import type { Optimiser } from "../update/rule.ts";
import { compileGraph, DispatchList, IN_PARAMETERS, IN_PROGRAM, placeTensors } from "./compile.ts";
import { type BufferNumber, STAGED_HEAD } from "./device/messages.ts";
import type { GpuThread } from "./device/thread.ts";
import { GpuParameters, refuseLarge } from "./parameters.ts";
import type { Profile } from "./profile.ts";
import { loadKernel, SQUARES_ENTRIES, squaresKernels, updateEverything } from "./wgsl/step.ts";

/** The most steps of a submission, and the most bytes that their numbers may take. */
const MOST_STEPS = 100, MOST_STAGED = 2 ** 25;
/** Steps whose results can wait to be read. */
const MOST_RESULTS = 4096;
/** Milliseconds that a submission should take: long beside the cost of one, short beside an interruption. */
const SUBMISSION_MS = 60;
/** Milliseconds of a step that is waited for: an interruption would have to wait for all that were handed over. */
const LONG_MS = 100;

/** A training step on the GPU. */
export class GpuStep implements TrainingStep {
  readonly inputs: Readonly<Record<string, Float32Array>>;
  readonly isDeferred = true;
  readonly #owner: Owned;
  readonly #thread: GpuThread;
  readonly #parameters: GpuParameters;
  readonly #optimiser: Optimiser;
  readonly #parts: number;
  readonly #scalars: readonly string[];
  readonly #numbers: readonly string[];
  readonly #program: BufferNumber;
  readonly #staged: number;
  readonly #mostSteps: number;
  /** The numbers of two submissions: one is filled while the other is copied. */
  readonly #halves: readonly [Float32Array<SharedArrayBuffer>, Float32Array<SharedArrayBuffer>];
  readonly #submissions: [number, number] = [0, 0];
  /** Where in memory the inputs lie one behind the other, as they do in the numbers of a step. */
  readonly #inputs: Float32Array<SharedArrayBuffer>;
  readonly #settle = () => this.#submit();
  readonly #examples: TakenExamples | undefined;
  #half: 0 | 1 = 0;
  #filled = 0;
  #waiting = 0;
  #perSubmission = 1;
  /** Milliseconds of a step, as those tell that were read last: of the first one nothing is known. */
  #stepMs = Infinity;
  /** When the first of the steps was handed over that wait to be read. */
  #began: number | undefined;
  #collected: Record<string, number>[] = [];
  #disposed = false;

  constructor(definition: StepDefinition, thread: GpuThread, profile: Profile, owner: Owned) {
    this.#owner = owner;
    this.#thread = thread;
    const parameters = this.#parameters = GpuParameters.of(definition.parameters);
    const optimiser = this.#optimiser = trainedBy(definition);
    const { parts, shapes } = divideStep({ parts: 1, ...definition });
    this.#parts = parts;
    const { graph, results } = traceStep(parameters, shapes, definition.step, parameters.groups);
    const values = graph.floats(results);
    const names = Object.keys(values);
    this.#scalars = names.filter((name) => !name.startsWith(gradientName("")));
    this.#numbers = numberNames(optimiser);

    const all = Object.entries(definition.inputs);
    const taken = all.filter(([, { examples }]) => examples);
    // What a step is given, and copied as it stands: of inputs taken from examples, the rows' numbers.
    const inputs = placeTensors(
      Object.fromEntries(all.map(([name, { shape, examples }]) => [name, examples ? [shape[0]!] : shape])),
      0,
    );
    const gathered = placeTensors(
      Object.fromEntries(taken.flatMap(([name, { shape }]) => [[name, shape], [`${name}/values`, [256]]])),
      inputs.end,
    );
    const gradients = gathered.end, section = parameters.section;
    const scalars = placeTensors(
      Object.fromEntries(this.#scalars.map((name) => [name, [parts]])),
      gradients + section * parts * 4,
    );
    const { groups } = parameters;
    const squares = scalars.end, start = squares + Math.ceil(groups.length * SQUARES_ENTRIES / 16) * 64;
    this.#staged = inputs.end / 4 + Math.ceil(groups.length * this.#numbers.length / 16) * 16;
    this.#mostSteps = Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_STAGED / 4 / this.#staged)));

    const list = new DispatchList();
    const load = loadKernel(
      [{ from: 0, to: 0, size: inputs.end / 4 }],
      taken.map(([name, { shape }]) => ({
        to: gathered.places[name]! / 4,
        values: gathered.places[`${name}/values`]! / 4,
        rows: shape[0]!,
        size: sizeOf(shape.slice(1)),
        chosen: inputs.places[name]! / 4,
      })),
      this.#staged,
      profile.width,
    );
    list.dispatchPerStep(load.code, load.groups, this.#mostSteps);
    const prefix = parameterName("");
    const { entries, constants } = compileGraph(
      list,
      graph,
      Object.values(values),
      {
        input: (name) => {
          if (name.startsWith(prefix)) {
            return {
              memory: IN_PARAMETERS,
              address: parameters.at(name.slice(prefix.length)) * 4,
              stride: 0,
            };
          }
          const input = name.slice(inputName("").length);
          const stride = definition.inputs[input]!.batched ? sizeOf(shapes[input]!) * 4 : 0;
          return { memory: IN_PROGRAM, address: gathered.places[input] ?? inputs.places[input]!, stride };
        },
        outputs: names.map((name) =>
          name in scalars.places ? { memory: IN_PROGRAM, address: scalars.places[name]!, stride: 4 } : {
            memory: IN_PROGRAM,
            address: gradients + parameters.at(name.slice(gradientName("").length)) * 4,
            stride: section * 4,
          }
        ),
      },
      parts,
      start,
      profile,
    );
    const places = {
      section,
      // Where each group's variables begin, in the order in which they lie.
      groups: parameters.names.map((name) => ({
        from: parameters.at(name),
        group: groups.findIndex(({ variables }) => variables.includes(name)),
      })),
      gradients: gradients / 4,
      parts,
      squares: squares / 4,
      numbers: inputs.end / 4,
      scalars: this.#scalars.flatMap((name) =>
        Array.from({ length: parts }, (_, part) => scalars.places[name]! / 4 + part)
      ),
    };
    if (optimiser.clipNorm !== undefined) {
      for (const { code, groups } of squaresKernels(places, profile.width)) {
        list.dispatch(code, groups, []);
      }
    }
    const update = updateEverything(optimiser, places, this.#staged, profile.width);
    list.dispatchPerStep(update.code, update.groups, this.#mostSteps);
    refuseLarge(entries * 4, thread.adapter.largestBuffer, "the step's tensors");
    const tables = taken.map(([name, { examples }]) => ({
      at: gathered.places[`${name}/values`]! / 4,
      data: byteValues(examples!),
    }));
    this.#examples = takeExamples(thread, taken);
    this.#program = thread.program({
      ...list.finish(),
      entries,
      constants: [...constants, ...tables],
      parameters: parameters.buffer,
      staged: this.#staged,
      results: this.#scalars.length * parts,
      mostSteps: this.#mostSteps,
      mostResults: MOST_RESULTS,
      examples: this.#examples?.buffer,
    });
    const half = () =>
      new Float32Array(new SharedArrayBuffer((STAGED_HEAD + this.#staged * this.#mostSteps) * 4));
    this.#halves = [half(), half()];
    this.#inputs = new Float32Array(new SharedArrayBuffer(inputs.end));
    this.inputs = Object.freeze(Object.fromEntries(all.map(([name, { shape, examples }]) => {
      const at = inputs.places[name]! / 4;
      return [name, this.#inputs.subarray(at, at + (examples ? shape[0]! : sizeOf(shape)))];
    })));
    parameters.onRead(this.#settle);
  }

  run(learningRate: number): Record<string, number> {
    this.enqueue(learningRate);
    return this.collect().at(-1)!;
  }

  enqueue(learningRate: number): void {
    if (this.#disposed) throw new Error("Cannot run a program after it was disposed of");
    const parameters = this.#parameters;
    parameters.assertAlive();
    if (this.#waiting === MOST_RESULTS) {
      throw new RangeError(`Cannot enqueue more than ${MOST_RESULTS} steps`);
    }
    if (this.#examples) {
      checkExamples(this.#examples.name, this.inputs[this.#examples.name]!, this.#examples.count);
    }
    const data = this.#halves[this.#half];
    if (this.#filled === 0) {
      this.#thread.awaitTaken(this.#submissions[this.#half]);
      data[0] = this.#waiting;
    }
    const at = STAGED_HEAD + this.#filled * this.#staged;
    data.set(this.#inputs, at);
    const step = ++parameters.step;
    parameters.groups.forEach(({ rate }, group) => {
      const numbers = updateNumbers(this.#optimiser, {
        step,
        learningRate: learningRate * rate,
        parts: this.#parts,
        squares: 0,
      });
      const from = at + this.#inputs.length + group * this.#numbers.length;
      this.#numbers.forEach((name, i) => data[from + i] = numbers[name]!);
    });
    parameters.changing();
    this.#filled++;
    this.#waiting++;
    if (this.#filled >= this.#perSubmission) this.#submit();
  }

  collect(): Record<string, number>[] {
    const all = [...this.#collected, ...this.#fetch()];
    this.#collected = [];
    return all;
  }

  /** The results of all steps that wait to be read. */
  #fetch(): Record<string, number>[] {
    this.#parameters.assertAlive();
    this.#submit();
    const steps = this.#waiting;
    if (steps === 0) return [];
    const count = this.#scalars.length * this.#parts;
    const found = new Float32Array(new SharedArrayBuffer(steps * count * 4));
    this.#waiting = 0;
    this.#thread.collect(this.#program, found);
    this.#stepMs = (performance.now() - this.#began!) / steps;
    this.#began = undefined;
    this.#perSubmission = Math.max(1, Math.min(this.#mostSteps, Math.floor(SUBMISSION_MS / this.#stepMs)));
    return Array.from({ length: steps }, (_, step) =>
      Object.fromEntries(this.#scalars.map((name, n) => {
        const byPart = found.subarray(step * count + n * this.#parts, step * count + (n + 1) * this.#parts);
        return [name, byPart.reduce((sum, value) => sum + value / this.#parts, 0)];
      })));
  }

  #submit(): void {
    if (this.#filled === 0) return;
    this.#submissions[this.#half] = this.#thread.run(this.#program, this.#filled, this.#halves[this.#half]);
    this.#half = this.#half === 0 ? 1 : 0;
    this.#filled = 0;
    this.#began ??= performance.now();
    if (this.#stepMs > LONG_MS) this.#collected.push(...this.#fetch());
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#submit();
    this.#parameters.offRead(this.#settle);
    this.#owner.delete(this);
    this.#thread.release(this.#program);
    if (this.#examples) this.#thread.release(this.#examples.buffer);
  }
}

/** Examples on the GPU. */
interface TakenExamples {
  readonly name: string;
  readonly buffer: BufferNumber;
  readonly count: number;
}

function takeExamples(
  thread: GpuThread,
  taken: readonly (readonly [string, StepInput])[],
): TakenExamples | undefined {
  const [first, second] = taken;
  if (second) {
    throw new Error(`Cannot compile: two inputs are taken from examples, "${first![0]}" and "${second[0]}"`);
  }
  if (!first) return undefined;
  const [name, input] = first, { bytes } = input.examples!;
  const count = countExamples(name, input);
  const whole = Math.ceil(bytes.length / 4) * 4;
  refuseLarge(whole, thread.adapter.largestBuffer, "the examples");
  const padded = new Uint8Array(whole);
  padded.set(bytes);
  const buffer = thread.buffer(whole);
  thread.write(buffer, 0, padded);
  return { name, buffer, count };
}
