import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../../pipeline/base/random.ts";
import { sizeOf } from "../../../pipeline/base/shape.ts";
import type { Engine } from "../../../pipeline/engine/engine.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { GpuThread } from "../../../pipeline/engine/webgpu/device/thread.ts";
import { GpuEngine } from "../../../pipeline/engine/webgpu/engine.ts";
import { SOFTWARE } from "../../../pipeline/engine/webgpu/profile.ts";
import { openEngine, optimiser, testEngine } from "../engines.ts";
import { randomLoss, SHAPES } from "../random_operations.ts";

/** The loss of a random step, and the weights after an update by their gradients. */
function randomStep(engine: Engine, seed: number): number[] {
  const random = randomStream(seed, "values");
  const normal = (shape: number[]) => random.fillNormal(new Float32Array(sizeOf(shape)));
  const variables = SHAPES.map((shape) => tf.variable(tf.tensor(normal(shape), shape)));
  const parameters = engine.parameters(variables, optimiser({ name: "sgd" }));
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [2, 4], batched: true } },
    step: ({ x }) => ({ loss: randomLoss(seed, variables, x!) }),
    parts: 1,
  });
  step.inputs.x!.set(normal([2, 4]));
  const { loss } = step.run(1);
  const found = [loss!, ...variables.flatMap(({ name }) => [...parameters.get(name)])];
  step.dispose();
  tf.dispose(variables);
  return found;
}

/** As on a GPU, where kernels share dispatches: a tensor that took another's place too early would be seen. */
testEngine("webgpu", "steps of random operations have the native engine's gradients", async () => {
  const native = await openEngine("native");
  const webgpu = new GpuEngine(await GpuThread.start(), { ...SOFTWARE, kernelsAtOnce: 32 });
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const expected = randomStep(native, seed);
      randomStep(webgpu, seed).forEach((value, i) =>
        assert.ok(
          Math.abs(value - expected[i]!) < 2e-5 * Math.max(1, Math.abs(value)),
          `${i}: ${value}, ${expected[i]}`,
        )
      );
    }),
    { numRuns: 3, seed: 6, endOnFailure: true },
  );
  native.dispose();
  webgpu.dispose();
});
