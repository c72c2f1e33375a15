import assert from "node:assert/strict";
import { join } from "node:path";
import { UserError } from "../../../pipeline/base/errors.ts";
import { GpuThread } from "../../../pipeline/engine/webgpu/device/thread.ts";
import { testEngine } from "../../engine/engines.ts";
import { type Fault, faultyWorker } from "../../engine/webgpu/device/faults.ts";
import { outputs, prepare, runStage, smallExperiment, withFolder } from "../small_mnist.ts";

const EXPERIMENT = smallExperiment({
  dataset: { split: { train: { count: 40 }, test: { count: 10 } } },
  training: { epochs: 8, batchSize: 10 },
  model: { architecture: "dense", latentSize: 2, encoder: { units: [4] }, decoder: { units: [4] } },
});

/** The next engine that is opened has this fault, and no other. */
function breakNextEngine(fault: Fault, at: number): void {
  const { start } = GpuThread;
  GpuThread.start = () => {
    GpuThread.start = start;
    return start(faultyWorker(fault, at));
  };
}

testEngine(
  "webgpu",
  "a training whose GPU was lost goes on from its checkpoint, in the same process, to the same bytes",
  () =>
    withFolder(async (folder) => {
      await prepare(folder, EXPERIMENT);
      const train = () => runStage(folder, "train", EXPERIMENT, undefined, { engine: "webgpu" });

      breakNextEngine("loses", 30);
      await assert.rejects(train, (error: UserError) => {
        assert.match(error.message, /^Cannot go on: the GPU was lost/);
        return error instanceof UserError;
      });
      assert.deepEqual(await outputs(folder, "train"), {}, "nothing is written before the end");
      const { notices } = await train();
      assert.match(notices.join(), /Training resumes after [1-7] epochs and 0 steps, from a checkpoint/);
      const resumed = await outputs(folder, "train");

      await Deno.remove(join(folder, "train"), { recursive: true });
      await Deno.remove(join(folder, "train.scratch"), { recursive: true });
      assert.deepEqual((await train()).notices, []);
      assert.deepEqual(await outputs(folder, "train"), resumed);
    }),
);
