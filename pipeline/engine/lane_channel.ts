import type { UpdateTask } from "./update/update.ts";

/**
 * How two threads hand work to each other: a block of the arena's shared memory. The main thread writes a job and
 * counts `REQUESTED` up; the lane does it, and sets `DONE` to the same count. Nothing else is ever concurrent.
 */

export type Job =
  | { readonly kind: "call"; readonly addresses: readonly bigint[] }
  | { readonly kind: "update"; readonly task: UpdateTask }
  | { readonly kind: "stop" };

const KINDS = ["stop", "call", "update"] as const;
const KERNELS = ["squares1", "squares2", "sgd1", "sgd2", "adam1", "adam2"] as const;

// Places among the block's int32.
const REQUESTED = 0, DONE = 16, KIND = 32, KERNEL = 33, COUNT = 34, ERROR_LENGTH = 35;
// Byte offsets.
const NUMBERS = 256, ERROR = 1024, ERROR_BYTES = 1024;
/** How often to look before going to sleep: some tens of microseconds, about what waking up costs. */
const LOOKS = 4000;

export class LaneChannel {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #addresses: BigInt64Array;
  readonly #error: Uint8Array;

  constructor(memory: WebAssembly.Memory) {
    this.#words = new Int32Array(memory.buffer, 0, 64);
    this.#numbers = new Float64Array(memory.buffer, NUMBERS, 64);
    this.#addresses = new BigInt64Array(memory.buffer, NUMBERS, 64);
    this.#error = new Uint8Array(memory.buffer, ERROR, ERROR_BYTES);
  }

  // ------------------------------------------------------------------ the main thread's side

  /** Whether the lane has started up and has nothing to do. */
  get ready(): boolean {
    return Atomics.load(this.#words, DONE) === Atomics.load(this.#words, REQUESTED) + 1;
  }

  request(job: Job): void {
    this.#words[KIND] = KINDS.indexOf(job.kind);
    if (job.kind === "call") {
      this.#words[COUNT] = job.addresses.length;
      this.#addresses.set(job.addresses);
    } else if (job.kind === "update") {
      this.#words[KERNEL] = KERNELS.indexOf(job.task.kernel);
      this.#words[COUNT] = job.task.args.length;
      this.#numbers.set(job.task.args);
    }
    Atomics.add(this.#words, REQUESTED, 1);
    Atomics.notify(this.#words, REQUESTED);
  }

  /** Waits for the job's end and returns its number. Throws the error that it ended in. */
  join(): number {
    waitWhile(this.#words, DONE, Atomics.load(this.#words, REQUESTED));
    const length = this.#words[ERROR_LENGTH]!;
    if (length > 0) throw new Error(new TextDecoder().decode(this.#error.slice(0, length)));
    return this.#numbers[0]!;
  }

  // ------------------------------------------------------------------ the lane's side

  /** Says that the lane is ready, then does jobs until it is told to stop. */
  serve(perform: (job: Job) => number): void {
    for (let done = 1;; done++) {
      Atomics.store(this.#words, DONE, done);
      Atomics.notify(this.#words, DONE);
      waitWhile(this.#words, REQUESTED, done - 1);
      const job = this.#read();
      if (job.kind === "stop") return;
      this.#words[ERROR_LENGTH] = 0;
      try {
        this.#numbers[0] = perform(job);
      } catch (error) {
        const message = new TextEncoder().encode(String((error as Error).message)).subarray(0, ERROR_BYTES);
        this.#error.set(message);
        this.#words[ERROR_LENGTH] = message.length;
      }
    }
  }

  #read(): Job {
    const count = this.#words[COUNT]!;
    switch (KINDS[this.#words[KIND]!]!) {
      case "call":
        return { kind: "call", addresses: [...this.#addresses.subarray(0, count)] };
      case "update": {
        const kernel = KERNELS[this.#words[KERNEL]!]!;
        return { kind: "update", task: { kernel, args: [...this.#numbers.subarray(0, count)] } };
      }
      case "stop":
        return { kind: "stop" };
    }
  }
}

function waitWhile(words: Int32Array, index: number, value: number): void {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (Atomics.load(words, index) !== value) return;
  }
  while (Atomics.load(words, index) === value) Atomics.wait(words, index, value);
}
