import * as tf from "@tensorflow/tfjs";
import { describe, requestAdapter } from "../../pipeline/engine/webgpu/device/adapter.ts";
import type { ProgramMessage } from "../../pipeline/engine/webgpu/device/messages.ts";
import { GpuProgram } from "../../pipeline/engine/webgpu/device/program.ts";
import type { GpuThread } from "../../pipeline/engine/webgpu/device/thread.ts";
import { UserError } from "../../pipeline/base/errors.ts";
import { GpuEngine } from "../../pipeline/engine/webgpu/engine.ts";
import { updateRule } from "../../pipeline/engine/update/optimisers/adam.ts";
import { adam } from "../case.ts";
import { benchModel, type ModelName, modelNames } from "../models.ts";

/**
 * What each kernel of a training step takes on the GPU:
 *
 *     deno run -A bench/gpu/profile.ts [MODEL,... [BATCH,...]]
 */

const [models = modelNames.join(), batches = "128"] = Deno.args;
const adapter = (await requestAdapter())!;
const { limits } = adapter;
const device = await adapter.requestDevice({
  requiredFeatures: ["timestamp-query"],
  requiredLimits: {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeWorkgroupStorageSize: Math.min(32768, limits.maxComputeWorkgroupStorageSize),
  },
});
device.addEventListener(
  "uncapturederror",
  (event) => console.error((event as GPUUncapturedErrorEvent).error.message),
);
const { STORAGE, COPY_DST, COPY_SRC, QUERY_RESOLVE, MAP_READ } = GPUBufferUsage;
const newBuffer = (size: number) =>
  device.createBuffer({ size: Math.max(16, size), usage: STORAGE | COPY_DST | COPY_SRC });
const buffers = new Map<number, GPUBuffer>();
let message: ProgramMessage | undefined;
/** Takes the engine's program in place of the thread that would run it. */
const thread = {
  adapter: describe(adapter),
  buffer(bytes: number) {
    buffers.set(buffers.size, newBuffer(bytes));
    return buffers.size - 1;
  },
  write(number: number, at: number, data: Float32Array<ArrayBuffer>) {
    device.queue.writeBuffer(buffers.get(number)!, at, data);
  },
  program(program: ProgramMessage) {
    message = program;
    return 0;
  },
};

/** Microseconds of each span of dispatches, measured one behind the other; the least of some rounds. */
async function time(
  program: GpuProgram,
  spans: readonly (readonly [number, number])[],
  rounds: number,
): Promise<number[]> {
  const least = spans.map(() => Infinity);
  const set = device.createQuerySet({ type: "timestamp", count: 2 * spans.length });
  for (let round = 0; round < rounds; round++) {
    const resolved = device.createBuffer({ size: 16 * spans.length, usage: QUERY_RESOLVE | COPY_SRC });
    const read = device.createBuffer({ size: 16 * spans.length, usage: MAP_READ | COPY_DST });
    const encoder = device.createCommandEncoder();
    spans.forEach(([from, to], i) => {
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet: set, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 },
      });
      program.encode(pass, 0, from, to);
      pass.end();
    });
    encoder.resolveQuerySet(set, 0, 2 * spans.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16 * spans.length);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const times = new BigUint64Array(read.getMappedRange());
    spans.forEach((_, i) => least[i] = Math.min(least[i]!, Number(times[2 * i + 1]! - times[2 * i]!) / 1e3));
  }
  return least;
}

/** Microseconds that the rounds of a step take at most, but for the first. */
const MOST_US = 2e6;

await tf.setBackend("cpu");
for (const model of models.split(",") as ModelName[]) {
  for (const batch of batches.split(",").map(Number)) {
    const { variables, inputs, step, dispose } = benchModel(model, batch);
    const begin = performance.now();
    const engine = new GpuEngine(thread as unknown as GpuThread);
    try {
      const parameters = engine.parameters(variables, {
        rule: updateRule({ name: "adam", ...adam }),
        weightDecay: 0,
      });
      engine.compileStep({ parameters, inputs, step });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.log(`${model} ${batch}: ${error.message}`);
      dispose();
      continue;
    }
    const { kernels, dispatches } = message!;
    const traced = performance.now() - begin;
    const program = new GpuProgram(device, message!, buffers, newBuffer);
    const count = dispatches.length;
    const [first] = await time(program, [[0, count]], 1);
    /** Not more than takes some seconds, where a processor plays the GPU. */
    const rounds = Math.max(1, Math.min(20, Math.floor(MOST_US / first!)));
    // An idle GPU takes a while to come up to its full clock.
    for (const until = performance.now() + 700; rounds === 20 && performance.now() < until;) {
      await time(program, Array.from({ length: 4 }, () => [0, count] as const), 1);
    }
    const [whole] = await time(program, [[0, count]], rounds);
    console.log(
      `${model} ${batch}: ${whole!.toFixed(0)} us, ${count} dispatches of ${kernels.length} kernels; ` +
        `tracing ${traced.toFixed(0)} ms, compiling and ${rounds} steps ${
          (performance.now() - begin - traced).toFixed(0)
        } ms`,
    );
    // Each in a pass of its own, with what the ones before have left: that costs some microseconds more.
    const each = await time(
      program,
      dispatches.slice(0, 1500).map((_, i) => [i, i + 1] as const),
      Math.min(rounds, 10),
    );
    const rows = [...Map.groupBy(dispatches.slice(0, 1500).entries(), ([, { kernel }]) => kernel)].map(
      ([kernel, uses]) => {
        const times = uses.map(([i]) => each[i]!);
        return {
          all: times.reduce((a, b) => a + b, 0),
          uses: uses.length,
          groups: uses[0]![1].groups,
          what: kernels[kernel]!.split("\n")[0]!.slice(3),
        };
      },
    ).sort((a, b) => b.all - a.all);
    console.log(`  in passes of their own ${rows.reduce((sum, { all }) => sum + all, 0).toFixed(0)} us`);
    for (const { all, uses, groups, what } of rows.slice(0, 28)) {
      console.log(
        `  ${all.toFixed(1).padStart(7)} = ${uses} x ${(all / uses).toFixed(1)}  [${groups}]  ${
          what.slice(0, 130)
        }`,
      );
    }
    program.dispose();
    dispose();
  }
}
Deno.exit(0);
