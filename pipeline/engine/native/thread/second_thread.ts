import { MessageChannel, Worker } from "node:worker_threads";
import type { Program } from "../program/program.ts";
import { runAll } from "../program/run.ts";
import { ThreadChannel } from "./channel.ts";
import type { ProgramMessage, ThreadData } from "./worker.ts";

/** A worker takes about as long to start, in milliseconds: a training that is over by then does without. */
const MS_ALONE = 100;

/**
 * Runs each phase of a program on two threads, this one and a worker's. Until the worker has started, and on a
 * machine with one core, where there is none, both lists are done one after the other, with the same bytes.
 *
 * There is one for the whole process, and it never ends: a thread that has been inside the library and ends while
 * the process exits crashes it (both run the library's destructors).
 */
export class SecondThread {
  readonly #channel = new ThreadChannel(new SharedArrayBuffer(ThreadChannel.BYTES));
  readonly #programs = new MessageChannel();
  readonly #attached = new Map<Program, number>();
  #attachments = 0;
  #firstStep: number | undefined;
  #isStarted = false;

  /** Called once a step. */
  warmUp(): void {
    if (this.#isStarted || navigator.hardwareConcurrency < 2) return;
    this.#firstStep ??= performance.now();
    if (performance.now() - this.#firstStep < MS_ALONE) return;
    this.#isStarted = true;
    const { port2 } = this.#programs;
    const workerData: ThreadData = { channel: this.#channel.buffer, programs: port2 };
    new Worker(new URL("./worker.ts", import.meta.url), { workerData, transferList: [port2] })
      .unref(); // it sleeps in shared memory and must not keep the process alive
  }

  /** Whether the worker is up. */
  get ready(): boolean {
    return this.#channel.ready;
  }

  /** One phase of a program, on both threads. */
  run(program: Program, phase: number): void {
    const [here, there] = program.runnable[phase]!;
    if (!this.ready) {
      runAll(here);
      runAll(there);
      return;
    }
    this.#channel.request({ kind: "run", program: this.#attach(program), phase });
    try {
      runAll(here);
    } finally {
      this.#channel.join();
    }
  }

  /** The number under which the worker knows the program. */
  #attach(program: Program): number {
    let number = this.#attached.get(program);
    if (number === undefined) {
      number = this.#attachments++;
      this.#attached.set(program, number);
      const { module, memories, phases } = program;
      const message: ProgramMessage = { module, memories, phases: phases.map(([, there]) => there) };
      this.#programs.port1.postMessage(message);
      this.#channel.request({ kind: "attach", program: number, phase: 0 });
      this.#channel.join();
    }
    return number;
  }

  /** Lets go of the program's memory. */
  detach(program: Program): void {
    const number = this.#attached.get(program);
    if (number === undefined) return;
    this.#attached.delete(program);
    this.#channel.request({ kind: "detach", program: number, phase: 0 });
    this.#channel.join();
  }
}

let shared: SecondThread | undefined;

/** The process's second thread. */
export function secondThread(): SecondThread {
  return shared ??= new SecondThread();
}
