import { workerData } from "node:worker_threads";
import { type Job, LaneChannel } from "./lane_channel.ts";
import { openLibrary, runAt } from "./ort/library.ts";
import { instantiateKernels } from "./update/kernels.ts";
import { runTask } from "./update/update.ts";

/** The second thread of a training: makes the calls and does the shares of updates that it is handed. */

const { memory, module } = workerData as { memory: WebAssembly.Memory; module: WebAssembly.Module };
const kernels = instantiateKernels(module, memory);
openLibrary();
new LaneChannel(memory).serve((job: Job) => {
  if (job.kind === "update") return runTask(kernels, job.task);
  if (job.kind === "call") runAt(job.addresses);
  return 0;
});
