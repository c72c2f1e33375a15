import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { ThreadChannel, type ThreadTask } from "./channel.ts";
import { openLibrary } from "../ort/library.ts";
import { bindToThread, type Invocation, runAll, type Runnable } from "../program/run.ts";

/** The second thread of all trainings of a process: runs its lists of the programs that it is handed. */

/** What the thread is started with. */
export interface ThreadData {
  readonly channel: SharedArrayBuffer;
  /** Where a program comes from, before an `attach`. */
  readonly programs: MessagePort;
}

/** A program, as far as this thread has a part in it. */
export interface ProgramMessage {
  readonly module: WebAssembly.Module;
  readonly memories: readonly WebAssembly.Memory[];
  /** What to do in each phase. */
  readonly phases: readonly (readonly Invocation[])[];
}

const { channel, programs } = workerData as ThreadData;
const runnable = new Map<number, readonly Runnable[]>();

function perform({ kind, program, phase }: ThreadTask): void {
  switch (kind) {
    case "attach": {
      const { message } = receiveMessageOnPort(programs) as { message: ProgramMessage };
      runnable.set(program, bindToThread(message.phases, message.module, message.memories));
      return;
    }
    case "run":
      return runAll(runnable.get(program)![phase]!);
    case "detach":
      runnable.delete(program);
  }
}

openLibrary();
new ThreadChannel(channel).serve(perform);
