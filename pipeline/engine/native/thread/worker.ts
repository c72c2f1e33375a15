import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { type Job, LaneChannel } from "./channel.ts";
import { openLibrary } from "../ort/library.ts";
import { type Command, prepare, runAll, type Runnable } from "../program/run.ts";

/** The second thread of all trainings of a process: runs its lists of the programs that it is handed. */

export interface LaneData {
  readonly channel: SharedArrayBuffer;
  /** Where a program comes from, before an `attach`. */
  readonly programs: MessagePort;
}

export interface LaneMessage {
  readonly module: WebAssembly.Module;
  readonly memories: readonly WebAssembly.Memory[];
  /** Of each phase. */
  readonly lists: readonly (readonly Command[])[];
}

const { channel, programs } = workerData as LaneData;
const runnable = new Map<number, readonly Runnable[]>();

function perform({ kind, program, phase }: Job): void {
  switch (kind) {
    case "attach": {
      const { message } = receiveMessageOnPort(programs) as { message: LaneMessage };
      runnable.set(program, prepare(message.lists, message.module, message.memories));
      return;
    }
    case "run":
      return runAll(runnable.get(program)![phase]!);
    case "detach":
      runnable.delete(program);
  }
}

openLibrary();
new LaneChannel(channel).serve(perform);
