import type { UpdateTask } from "./update/update.ts";

/**
 * How two threads hand work to each other: a block of shared memory. The main thread writes a job and
 * counts `REQUESTED` up; the lane does it, and sets `DONE` to the same count. Nothing else is ever concurrent.
 */

export type Job =
  | { readonly kind: "call"; readonly addresses: readonly bigint[] }
  /** Arenas go by number. */
  | { readonly kind: "update"; readonly arena: number; readonly task: UpdateTask }
  | { readonly kind: "attach" | "detach"; readonly arena: number };

const KINDS = ["call", "update", "attach", "detach"] as const;
const KERNELS = ["squares1", "squares2", "sgd1", "sgd2", "adam1", "adam2"] as const;

// Places among the block's int32.
const REQUESTED = 0, DONE = 16, KIND = 32, KERNEL = 33, COUNT = 34, ERROR_LENGTH = 35, ARENA = 36;
// Byte offsets.
const NUMBERS = 256, ERROR = 1024, ERROR_BYTES = 1024;
/** How often to look before going to sleep: some tens of microseconds, about what waking up costs. */
const LOOKS = 4000;

export class LaneChannel {
  readonly #words: Int32Array;
  readonly #numbers: Float64Array;
  readonly #addresses: BigInt64Array;
  readonly #error: Uint8Array;

  static readonly BYTES = ERROR + ERROR_BYTES;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, 64);
    this.#numbers = new Float64Array(buffer, NUMBERS, 64);
    this.#addresses = new BigInt64Array(buffer, NUMBERS, 64);
    this.#error = new Uint8Array(buffer, ERROR, ERROR_BYTES);
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
    } else {
      this.#words[ARENA] = job.arena;
    }
    if (job.kind === "update") {
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

  /** Says that the lane is ready, then does jobs for ever. */
  serve(perform: (job: Job) => number): never {
    for (let done = 1;; done++) {
      Atomics.store(this.#words, DONE, done);
      Atomics.notify(this.#words, DONE);
      waitWhile(this.#words, REQUESTED, done - 1);
      this.#words[ERROR_LENGTH] = 0;
      try {
        this.#numbers[0] = perform(this.#read());
      } catch (error) {
        const message = new TextEncoder().encode(String((error as Error).message)).subarray(0, ERROR_BYTES);
        this.#error.set(message);
        this.#words[ERROR_LENGTH] = message.length;
      }
    }
  }

  #read(): Job {
    const kind = KINDS[this.#words[KIND]!]!, count = this.#words[COUNT]!, arena = this.#words[ARENA]!;
    if (kind === "call") return { kind, addresses: [...this.#addresses.subarray(0, count)] };
    if (kind !== "update") return { kind, arena };
    const kernel = KERNELS[this.#words[KERNEL]!]!;
    return { kind, arena, task: { kernel, args: [...this.#numbers.subarray(0, count)] } };
  }
}

function waitWhile(words: Int32Array, index: number, value: number): void {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (Atomics.load(words, index) !== value) return;
  }
  while (Atomics.load(words, index) === value) Atomics.wait(words, index, value);
}
