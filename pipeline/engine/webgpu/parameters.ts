import { UserError } from "../../base/errors.ts";
import type { Parameters } from "../engine.ts";
import { ParameterStore } from "../parameters.ts";
import { aligned } from "../program/layout.ts";
import type { tf } from "../tfjs.ts";
import type { Optimiser } from "../update/rule.ts";
import type { BufferNumber } from "./device/messages.ts";
import type { GpuThread } from "./device/thread.ts";

/** Entries that a variable takes are a multiple of this. */
const LINE = aligned(1) / 4;

/**
 * All weights and what the optimiser keeps of them in one buffer of the GPU, section after section, each with the
 * variables in order. What was read stays valid until a step changes it.
 */
export class GpuParameters extends ParameterStore {
  /** Entries of a section. */
  readonly section: number;
  readonly buffer: BufferNumber;
  readonly #thread: GpuThread;
  readonly #places = new Map<string, { readonly at: number; readonly size: number }>();
  #mirror: Float32Array<ArrayBufferLike>;
  #isCurrent = true;
  /** Makes sure that steps which were handed over are done. */
  readonly #settlers = new Set<() => void>();

  constructor(variables: readonly tf.Variable[], optimiser: Optimiser | undefined, thread: GpuThread) {
    super(variables, optimiser);
    this.#thread = thread;
    let at = 0;
    for (const { name, size } of variables) {
      this.#places.set(name, { at, size });
      at += Math.ceil(size / LINE) * LINE;
    }
    this.section = at;
    const entries = at * this.sections.length;
    refuseLarge(entries * 4, thread.adapter.largestBuffer, `${at} parameters`);
    this.#mirror = new Float32Array(entries);
    this.buffer = thread.buffer(entries * 4);
    for (
      const { name, ...variable } of variables.map((v) => ({ name: v.name, values: v.dataSync<"float32">() }))
    ) {
      this.#mirror.set(variable.values, this.at(name));
    }
    thread.write(this.buffer, 0, this.#mirror);
  }

  /** The engine's own parameters. */
  static of(parameters: Parameters): GpuParameters {
    if (!(parameters instanceof GpuParameters)) {
      throw new TypeError("Cannot compile: these parameters are not this engine's");
    }
    parameters.assertAlive();
    return parameters;
  }

  /** The entry at which a variable begins in each section. */
  at(name: string): number {
    return this.#places.get(name)!.at;
  }

  /** The tracer's question: no matrix lies transposed here. */
  isTransposed(): boolean {
    return false;
  }

  /** A step is to change the values. */
  changing(): void {
    this.#isCurrent = false;
  }

  protected override read(section: string, name: string): Float32Array {
    this.#refresh();
    const { at, size } = this.#places.get(name)!;
    const start = this.sections.indexOf(section) * this.section + at;
    return Float32Array.from(this.#mirror.subarray(start, start + size));
  }

  protected override write(section: string, name: string, entries: Float32Array): void {
    const start = this.sections.indexOf(section) * this.section + this.at(name);
    this.settle();
    if (this.#isCurrent) this.#mirror.set(entries, start);
    this.#thread.write(this.buffer, start * 4, entries);
  }

  #refresh(): void {
    if (this.#isCurrent) return;
    this.settle();
    this.#mirror = new Float32Array(this.#thread.read(this.buffer, this.#mirror.byteLength).buffer);
    this.#isCurrent = true;
  }

  /** Hands over the steps that are still waiting to be. */
  settle(): void {
    for (const settle of this.#settlers) settle();
  }

  /** @param settle is called before the values are read */
  onRead(settle: () => void): void {
    this.#settlers.add(settle);
  }

  offRead(settle: () => void): void {
    this.#settlers.delete(settle);
  }

  override dispose(): void {
    if (this.#isDisposed) return;
    // A variable of tfjs may stand for the values longer; those on a lost GPU are lost.
    if (!this.#thread.isBroken) this.#refresh();
    this.#isDisposed = true;
    this.#thread.release(this.buffer);
    super.dispose();
  }

  #isDisposed = false;
}

/** Refuses what no buffer of the adapter can hold. @throws {UserError} */
export function refuseLarge(bytes: number, most: number, what: string): void {
  if (bytes <= most) return;
  const gib = (count: number) => `${(count / 2 ** 30).toFixed(1)} GiB`;
  throw new UserError(
    `Cannot compute this on the GPU: ${what} need ${gib(bytes)}, and a buffer there holds ${gib(most)}`,
    { notes: ["Take a smaller batch or fewer units.", "`--engine native` needs no GPU."] },
  );
}
