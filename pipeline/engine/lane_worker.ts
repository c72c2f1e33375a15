import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Job, LaneChannel } from "./lane_channel.ts";
import { openLibrary, runAt } from "./ort/library.ts";
import { instantiateKernels, type UpdateKernels } from "./update/kernels.ts";
import { runTask } from "./update/update.ts";

/** The second thread of all trainings of a process: makes the calls and does the shares of updates that it is handed. */

export interface LaneData {
  readonly channel: SharedArrayBuffer;
  /** Where the memory of an arena comes from, before an `attach`. */
  readonly arenas: MessagePort;
}

export interface ArenaMessage {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
}

const { channel, arenas } = workerData as LaneData;
const kernels = new Map<number, UpdateKernels>();

function perform(job: Job): number {
  switch (job.kind) {
    case "call":
      runAt(job.addresses);
      return 0;
    case "update":
      return runTask(kernels.get(job.arena)!, job.task);
    case "attach": {
      const { message } = receiveMessageOnPort(arenas) as { message: ArenaMessage };
      kernels.set(job.arena, instantiateKernels(message.module, message.memory));
      return 0;
    }
    case "detach":
      kernels.delete(job.arena);
      return 0;
  }
}

openLibrary();
new LaneChannel(channel).serve(perform);
