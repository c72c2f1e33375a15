/// <reference lib="deno.worker" />
import { type Job, LaneChannel } from "./lane_channel.ts";
import { instantiateKernels } from "./update/kernels.ts";
import { openLibrary, runAt } from "./ort/library.ts";
import { runTask } from "./update/update.ts";

/** The second thread of a training: makes the calls and does the shares of updates that it is handed. */
self.onmessage = ({ data }: MessageEvent<{ memory: WebAssembly.Memory; module: WebAssembly.Module }>) => {
  openLibrary();
  const kernels = instantiateKernels(data.module, data.memory);
  new LaneChannel(data.memory).serve((job: Job) => {
    if (job.kind === "update") return runTask(kernels, job.task);
    if (job.kind === "call") runAt(job.addresses);
    return 0;
  });
  self.close();
};
