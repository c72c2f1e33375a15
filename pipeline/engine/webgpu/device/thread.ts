import process from "node:process";
import { Worker } from "node:worker_threads";
import { Answers } from "./answers.ts";
import {
  type AdapterDescription,
  ASLEEP,
  type BufferNumber,
  ENDED,
  type ProgramMessage,
  type Request,
  type ThreadData,
} from "./messages.ts";

/** The most bytes of a message. */
const MESSAGE_BYTES = 4096;

/** The most milliseconds that a process waits at its end for the GPU to be let go. */
const END_MS = 2000;

/**
 * The GPU as the main thread sees it: what it asks for has happened when a call returns, but for steps, which are
 * only handed over. Calls throw what went wrong on the GPU, in them or in steps before.
 */
export class GpuThread {
  readonly adapter: AdapterDescription;
  readonly #worker: Worker;
  readonly #answers: Answers;
  #asked = 0;
  #submissions = 0;
  #numbers = 0;

  private constructor(worker: Worker, data: ThreadData, adapter: AdapterDescription) {
    this.#worker = worker;
    this.#answers = new Answers(data);
    this.adapter = adapter;
    process.once("exit", () => {
      if (Atomics.load(data.words, ENDED) === 1) return;
      this.retire();
      Atomics.wait(data.words, ASLEEP, 0, END_MS);
    });
  }

  /**
   * @param module what the thread runs
   * @throws {Error} where there is no adapter, or it gives no device
   */
  static async start(module = new URL("./worker.ts", import.meta.url)): Promise<GpuThread> {
    const data: ThreadData = {
      words: new Int32Array(new SharedArrayBuffer(64)),
      error: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)),
      lastWords: new Uint8Array(new SharedArrayBuffer(MESSAGE_BYTES)),
    };
    const worker = new Worker(module, { workerData: data });
    const adapter = await new Promise<AdapterDescription>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("its thread ended before it began")));
    });
    worker.unref(); // it must not keep the process alive
    return new GpuThread(worker, data, adapter);
  }

  /** Whether the GPU is out of reach for good: lost, or its thread came to an end. */
  get isBroken(): boolean {
    return this.#answers.isBroken;
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

  /** Where the GPU is out of reach, there is nothing to release. */
  release(number: BufferNumber): void {
    if (this.isBroken) return;
    this.#ask({ kind: "release", number });
  }

  /** Hands steps over; returns the number of the submission. */
  run(number: BufferNumber, steps: number, data: Float32Array<SharedArrayBuffer>): number {
    this.#worker.postMessage({ kind: "run", number, steps, data } satisfies Request);
    return ++this.#submissions;
  }

  /** Waits until a submission's numbers were copied, so that their memory can be written to again. */
  awaitTaken(submission: number): void {
    this.#answers.awaitTaken(submission);
  }

  /** The first results of a program's steps, when all so far are done. */
  collect(number: BufferNumber, to: Float32Array<SharedArrayBuffer>): void {
    this.#ask({ kind: "collect", number, to });
  }

  /** Makes one step. @param at the entry of the program's memory from which on it is read into `to` */
  call(
    number: BufferNumber,
    data: Float32Array<SharedArrayBuffer>,
    at: number,
    to: Float32Array<SharedArrayBuffer>,
  ): void {
    this.#ask({ kind: "call", number, data, at, to });
  }

  #ask(request: Request): void {
    this.#worker.postMessage(request);
    this.#answers.awaitAnswer(++this.#asked);
  }

  /**
   * Lets go of the GPU: nothing may be asked any more. The thread sleeps from then on and never ends: one that ends
   * while the process does, or is cut off inside its driver, crashes the process (both run the driver's destructors).
   */
  retire(): void {
    this.#worker.postMessage({ kind: "retire" } satisfies Request);
  }
}

function shared(data: ArrayBufferView): Uint8Array<SharedArrayBuffer> {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
