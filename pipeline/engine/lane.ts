import { Worker } from "node:worker_threads";
import { LaneChannel } from "./lane_channel.ts";
import type { BoundCall } from "./ort/session.ts";
import type { Arena } from "./parameters.ts";
import { runTask, type UpdateTask } from "./update/update.ts";

/** A worker takes longer to start than so many steps of a small model: a short training does without. */
const STEPS_ALONE = 16;

/**
 * Does two things at once: one on this thread, one on a worker's. Until the worker has started, and on a machine
 * with one core, where there is none, they are done one after the other, with the same bytes.
 */
export class Lane {
  readonly #arena: Arena;
  readonly #channel: LaneChannel;
  #worker: Worker | undefined;
  #steps = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#channel = new LaneChannel(arena.memory);
  }

  /** Called once a step. */
  warmUp(): void {
    if (this.#steps++ !== STEPS_ALONE || navigator.hardwareConcurrency < 2) return;
    const { memory, updateModule: module } = this.#arena;
    this.#worker = new Worker(new URL("./lane_worker.ts", import.meta.url), {
      workerData: { memory, module },
    });
    this.#worker.unref(); // it sleeps in shared memory and must not keep the process alive
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

  runTasks([here, there]: readonly [UpdateTask, UpdateTask]): readonly [number, number] {
    const { kernels } = this.#arena;
    if (!this.ready) return [runTask(kernels, here), runTask(kernels, there)];
    this.#channel.request({ kind: "update", task: there });
    const result = runTask(kernels, here);
    return [result, this.#channel.join()];
  }

  dispose(): void {
    if (this.ready) this.#channel.request({ kind: "stop" });
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}
