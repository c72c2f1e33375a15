import assert from "node:assert/strict";
import { Worker } from "node:worker_threads";
import { ThreadChannel } from "../../../../pipeline/engine/native/thread/channel.ts";

Deno.test("a second thread does the tasks that it is asked to, and hands back the errors of those that fail", async () => {
  const channel = new ThreadChannel(new SharedArrayBuffer(ThreadChannel.BYTES));
  const sum = new SharedArrayBuffer(4);
  assert.equal(channel.ready, false);
  const worker = new Worker(new URL("./echo_worker.ts", import.meta.url), {
    workerData: { channel: channel.buffer, sum },
  });
  try {
    while (!channel.ready) await new Promise((resolve) => setTimeout(resolve, 1));
    const ask = (kind: "run" | "attach" | "detach", program: number, phase: number) => {
      channel.request({ kind, program, phase });
      channel.join();
    };
    ask("run", 2, 3);
    assert.equal(new Int32Array(sum)[0], 203);
    assert.equal(channel.ready, true);
    assert.throws(() => ask("detach", 13, 0), /^Error: detach of program 13$/);
    // The error is that task's alone.
    for (let phase = 0; phase < 100; phase++) ask("run", 0, phase);
    assert.equal(new Int32Array(sum)[0], 203 + 4950);
  } finally {
    await worker.terminate();
  }
});
