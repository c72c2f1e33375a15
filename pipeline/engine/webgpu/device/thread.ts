import { Worker } from "node:worker_threads";
import { UserError } from "../../../base/errors.ts";
import {
  type AdapterDescription,
  ANSWERED,
  type BufferNumber,
  ERROR_LENGTH,
  LOST,
  type ProgramMessage,
  type Request,
  TAKEN,
  type ThreadData,
  TOO_SMALL,
} from "./messages.ts";

/** The most bytes of an error's message. */
const ERROR_BYTES = 4096;

/**
 * The GPU as the main thread sees it: what it asks for has happened when a call returns, but for steps, which are
 * only handed over. Calls throw what went wrong on the GPU, in them or in steps before.
 */
export class GpuThread {
  readonly adapter: AdapterDescription;
  readonly #worker: Worker;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #error: Uint8Array<SharedArrayBuffer>;
  #asked = 0;
  #submissions = 0;
  #numbers = 0;

  private constructor(worker: Worker, data: ThreadData, adapter: AdapterDescription) {
    this.#worker = worker;
    this.#words = data.words;
    this.#error = data.error;
    this.adapter = adapter;
  }

  /** @throws {Error} where there is no adapter, or it gives no device */
  static async start(): Promise<GpuThread> {
    const data: ThreadData = {
      words: new Int32Array(new SharedArrayBuffer(64)),
      error: new Uint8Array(new SharedArrayBuffer(ERROR_BYTES)),
    };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data });
    const adapter = await new Promise<AdapterDescription>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
    });
    worker.unref(); // it must not keep the process alive
    return new GpuThread(worker, data, adapter);
  }

  /** A new buffer of zeros. */
  buffer(bytes: number): BufferNumber {
    const number = this.#numbers++;
    this.#ask({ kind: "buffer", number, bytes });
    return number;
  }

  /** @param at the byte of the buffer at which the data go */
  write(number: BufferNumber, at: number, data: ArrayBufferView): void {
    if (data.byteLength === 0) return; // Deno 2.9.6 would end the process
    this.#ask({ kind: "write", number, at, data: shared(data) });
  }

  read(number: BufferNumber, bytes: number): Uint8Array<SharedArrayBuffer> {
    const to = new Uint8Array(new SharedArrayBuffer(bytes));
    this.#ask({ kind: "read", number, to });
    return to;
  }

  program(program: ProgramMessage): BufferNumber {
    const number = this.#numbers++;
    this.#ask({ kind: "program", number, program });
    return number;
  }

  release(number: BufferNumber): void {
    this.#ask({ kind: "release", number });
  }

  /** Hands steps over; returns the number of the submission. */
  run(number: BufferNumber, steps: number, data: Float32Array<SharedArrayBuffer>): number {
    this.#worker.postMessage({ kind: "run", number, steps, data } satisfies Request);
    return ++this.#submissions;
  }

  /** Waits until a submission's numbers were copied, so that their memory can be written to again. */
  awaitTaken(submission: number): void {
    for (let taken; (taken = Atomics.load(this.#words, TAKEN)) < submission;) {
      Atomics.wait(this.#words, TAKEN, taken);
    }
  }

  /** Entries of a program's memory or results, when all steps so far are done. */
  collect(
    number: BufferNumber,
    from: "memory" | "results",
    at: number,
    to: Float32Array<SharedArrayBuffer>,
  ): void {
    this.#ask({ kind: "collect", number, from, at, to });
  }

  #ask(request: Request): void {
    this.#worker.postMessage(request);
    this.#asked++;
    for (let answered; (answered = Atomics.load(this.#words, ANSWERED)) < this.#asked;) {
      Atomics.wait(this.#words, ANSWERED, answered);
    }
    const length = this.#words[ERROR_LENGTH]!;
    if (length > 0) throw errorOf(new TextDecoder().decode(this.#error.slice(0, length)));
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What went wrong on the GPU, with what to try where that is known. */
function errorOf(message: string): Error {
  if (message.startsWith(LOST)) {
    return new UserError(`Cannot go on: ${message}`, {
      notes: [
        "Its driver may have been reset or updated, or the machine slept. Run again: training goes on from its checkpoint.",
        "`--engine native` needs no GPU.",
      ],
    });
  }
  if (message.startsWith(TOO_SMALL)) {
    return new UserError(`Cannot compute this: ${message}`, {
      notes: [
        "Take a smaller batch or fewer units, or end what else uses the GPU.",
        "`--engine native` needs no GPU.",
      ],
    });
  }
  return new Error(`The GPU refused what it was asked for: ${message}`);
}

function shared(data: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
