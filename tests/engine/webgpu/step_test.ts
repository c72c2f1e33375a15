import assert from "node:assert/strict";
import type { GpuThread } from "../../../pipeline/engine/webgpu/device/thread.ts";
import { GpuEngine } from "../../../pipeline/engine/webgpu/engine.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { openEngine, optimiser, testEngine } from "../engines.ts";

const ADAM = optimiser({ name: "adam", clipNorm: 0.5 });

/** A step that follows a number, given anew each time. */
function following(engine: GpuEngine | Awaited<ReturnType<typeof openEngine>>) {
  const w = tf.variable(tf.tensor1d([1, -2, 3]));
  const parameters = engine.parameters([w], ADAM);
  const step = engine.compileStep({
    parameters,
    inputs: { x: { shape: [2, 3], batched: true } },
    step: ({ x }) => ({ loss: tf.mean(tf.square(tf.sub(tf.sin(x!), w))) as tf.Scalar }),
  });
  return { w, parameters, step };
}

/** Steps that a GPU has been given and not done, submission by submission, where each takes so many milliseconds. */
async function handedOver(stepMs: number, collectMs: number, steps: number) {
  await tf.setBackend("cpu");
  let now = 0, waiting = 0, mostWaiting = 0;
  const sizes: number[] = [];
  const thread: Partial<GpuThread> = {
    adapter: { name: "none", isSoftware: true, largestBuffer: 2 ** 30 },
    buffer: () => 0,
    write() {},
    program: () => 0,
    awaitTaken() {},
    run(_, count) {
      mostWaiting = Math.max(mostWaiting, waiting += count);
      return sizes.push(count);
    },
    collect() {
      now += 11 + waiting * stepMs;
      waiting = 0;
    },
  };
  const clock = performance.now;
  performance.now = () => now;
  try {
    const { w, step } = following(new GpuEngine(thread as GpuThread));
    const losses = [];
    for (let i = 0, collected = now; i < steps; i++) {
      step.enqueue(0.1);
      now += 0.1; // what the processor does for a step
      if (now - collected < collectMs) continue;
      losses.push(...step.collect());
      collected = now;
    }
    losses.push(...step.collect());
    assert.equal(losses.length, steps);
    w.dispose();
  } finally {
    performance.now = clock;
  }
  return { sizes, mostWaiting };
}

Deno.test("the webgpu engine hands over short steps many at a time", async () => {
  const { sizes } = await handedOver(0.2, 20, 3000);
  assert.deepEqual([sizes[0], Math.max(...sizes)], [1, 100]);
});

Deno.test("of long steps the webgpu engine has no more than one on the way, for the sake of whoever stops it", async () => {
  const { mostWaiting } = await handedOver(250, 400, 40);
  assert.equal(mostWaiting, 1);
});

testEngine(
  "webgpu",
  "however many steps a submission of the webgpu engine holds, the bytes are the same",
  async () => {
    const found = [];
    for (const most of [1, 7, 100]) {
      const engine = await openEngine("webgpu");
      const { w, parameters, step } = following(engine);
      const losses = [];
      for (let i = 0; i < 120; i++) {
        step.inputs.x!.fill(i % 5, 0, 4).fill(-i % 3, 4);
        step.enqueue(0.01 + i * 1e-4);
        if (i % most === most - 1) losses.push(...step.collect());
      }
      losses.push(...step.collect());
      found.push({ losses, state: Object.values(parameters.saveState()) });
      engine.dispose();
      w.dispose();
    }
    assert.equal(found[0]!.losses.length, 120);
    for (const other of found.slice(1)) assert.deepEqual(other, found[0]);
  },
);
