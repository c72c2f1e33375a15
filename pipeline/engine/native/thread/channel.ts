/** What the main thread asks of the second one. Programs go by number; the phase matters where one is `run`. */
export interface ThreadTask {
  readonly kind: typeof KINDS[number];
  readonly program: number;
  readonly phase: number;
}

const KINDS = ["attach", "detach", "run"] as const;

// Places among the int32 of the shared block.
const REQUESTED = 0, DONE = 16, KIND = 32, PROGRAM = 33, PHASE = 34, ERROR_LENGTH = 35;
// Byte offsets.
const ERROR = 256, ERROR_BYTES = 1024;
/** How often to look before going to sleep: for about a tenth of a millisecond, some times what waking up costs. */
const LOOKS = 20_000;

/**
 * How two threads hand work to each other: a block of shared memory. The main thread writes a task and counts
 * `REQUESTED` up; the second one does it, and sets `DONE` to the same count. Nothing else is ever concurrent.
 */
export class ThreadChannel {
  readonly #words: Int32Array;
  readonly #error: Uint8Array;

  static readonly BYTES = ERROR + ERROR_BYTES;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer, 0, 64);
    this.#error = new Uint8Array(buffer, ERROR, ERROR_BYTES);
  }

  // ------------------------------------------------------------------ the main thread's side

  /** Whether the second thread has started up and has nothing to do. */
  get ready(): boolean {
    return Atomics.load(this.#words, DONE) === Atomics.load(this.#words, REQUESTED) + 1;
  }

  request({ kind, program, phase }: ThreadTask): void {
    this.#words[KIND] = KINDS.indexOf(kind);
    this.#words[PROGRAM] = program;
    this.#words[PHASE] = phase;
    Atomics.add(this.#words, REQUESTED, 1);
    Atomics.notify(this.#words, REQUESTED);
  }

  /** Waits for the task's end. Throws the error that it ended in. */
  join(): void {
    waitWhile(this.#words, DONE, Atomics.load(this.#words, REQUESTED));
    const length = this.#words[ERROR_LENGTH]!;
    if (length > 0) throw new Error(new TextDecoder().decode(this.#error.slice(0, length)));
  }

  // ------------------------------------------------------------------ the second thread's side

  /** Says that this thread is ready, then does tasks for ever. */
  serve(perform: (task: ThreadTask) => void): never {
    for (let done = 1;; done++) {
      Atomics.store(this.#words, DONE, done);
      Atomics.notify(this.#words, DONE);
      waitWhile(this.#words, REQUESTED, done - 1);
      this.#words[ERROR_LENGTH] = 0;
      try {
        perform(this.#read());
      } catch (error) {
        const message = new TextEncoder().encode(String((error as Error).message)).subarray(0, ERROR_BYTES);
        this.#error.set(message);
        this.#words[ERROR_LENGTH] = message.length;
      }
    }
  }

  #read(): ThreadTask {
    return { kind: KINDS[this.#words[KIND]!]!, program: this.#words[PROGRAM]!, phase: this.#words[PHASE]! };
  }
}

function waitWhile(words: Int32Array, index: number, value: number): void {
  for (let looks = 0; looks < LOOKS; looks++) {
    if (Atomics.load(words, index) !== value) return;
  }
  while (Atomics.load(words, index) === value) Atomics.wait(words, index, value);
}
