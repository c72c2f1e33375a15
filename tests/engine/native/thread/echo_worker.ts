import { workerData } from "node:worker_threads";
import { ThreadChannel } from "../../../../pipeline/engine/native/thread/channel.ts";

/** Serves a channel: adds each task's program and phase to a sum in shared memory, and fails at program 13. */
const { channel, sum } = workerData as { channel: SharedArrayBuffer; sum: SharedArrayBuffer };
new ThreadChannel(channel).serve(({ kind, program, phase }) => {
  if (program === 13) throw new Error(`${kind} of program 13`);
  new Int32Array(sum)[0]! += 100 * program + phase;
});
