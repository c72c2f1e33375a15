import { MessageChannel, Worker } from "node:worker_threads";
import { LaneChannel } from "./lane_channel.ts";
import type { ArenaMessage, LaneData } from "./lane_worker.ts";
import type { BoundCall } from "./ort/session.ts";
import type { Arena } from "./parameters.ts";
import { runTask, type UpdateTask } from "./update/update.ts";

/** A worker takes about as long to start: a training that is over by then does without. */
const MS_ALONE = 100;

/**
 * Does two things at once: one on this thread, one on a worker's. Until the worker has started, and on a machine
 * with one core, where there is none, they are done one after the other, with the same bytes.
 *
 * There is one for the whole process, and it never ends: a thread that has been inside the library and ends while
 * the process exits crashes it (both run the library's destructors).
 */
class Lane {
  readonly #channel = new LaneChannel(new SharedArrayBuffer(LaneChannel.BYTES));
  readonly #arenas = new MessageChannel();
  readonly #attached = new Map<Arena, number>();
  #attachments = 0;
  #firstStep: number | undefined;
  #isStarted = false;

  /** Called once a step. */
  warmUp(): void {
    if (this.#isStarted || navigator.hardwareConcurrency < 2) return;
    this.#firstStep ??= performance.now();
    if (performance.now() - this.#firstStep < MS_ALONE) return;
    this.#isStarted = true;
    const { port2 } = this.#arenas;
    const workerData: LaneData = { channel: this.#channel.buffer, arenas: port2 };
    new Worker(new URL("./lane_worker.ts", import.meta.url), { workerData, transferList: [port2] })
      .unref(); // it sleeps in shared memory and must not keep the process alive
  }

  /** Whether the worker is up. */
  get ready(): boolean {
    return this.#channel.ready;
  }

  runCalls(here: BoundCall, there: BoundCall): void {
    if (!this.ready) {
      here.run();
      there.run();
      return;
    }
    this.#channel.request({ kind: "call", addresses: there.addresses() });
    try {
      here.run();
    } finally {
      this.#channel.join();
    }
  }

  /** Kernels over the arena. */
  runTasks(arena: Arena, [here, there]: readonly [UpdateTask, UpdateTask]): readonly [number, number] {
    const { kernels } = arena;
    if (!this.ready) return [runTask(kernels, here), runTask(kernels, there)];
    this.#channel.request({ kind: "update", arena: this.#attach(arena), task: there });
    const result = runTask(kernels, here);
    return [result, this.#channel.join()];
  }

  /** The number under which the worker knows the arena. */
  #attach(arena: Arena): number {
    let number = this.#attached.get(arena);
    if (number === undefined) {
      number = this.#attachments++;
      this.#attached.set(arena, number);
      const message: ArenaMessage = { memory: arena.memory, module: arena.updateModule };
      this.#arenas.port1.postMessage(message);
      this.#channel.request({ kind: "attach", arena: number });
      this.#channel.join();
    }
    return number;
  }

  /** Lets go of the arena's memory. */
  detach(arena: Arena): void {
    const number = this.#attached.get(arena);
    if (number === undefined) return;
    this.#attached.delete(arena);
    this.#channel.request({ kind: "detach", arena: number });
    this.#channel.join();
  }
}

export type { Lane };

let lane: Lane | undefined;

export function sharedLane(): Lane {
  return lane ??= new Lane();
}
