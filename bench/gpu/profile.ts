import * as tf from "@tensorflow/tfjs";
import { describe, requestAdapter } from "../../pipeline/engine/webgpu/device/adapter.ts";
import type { ProgramMessage } from "../../pipeline/engine/webgpu/device/messages.ts";
import { GpuProgram } from "../../pipeline/engine/webgpu/device/program.ts";
import type { GpuThread } from "../../pipeline/engine/webgpu/device/thread.ts";
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
const REPEATS = 200;

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

/** Microseconds of the program's dispatches, each done so often. */
async function time(program: ProgramMessage, repeats: number): Promise<number> {
  const set = device.createQuerySet({ type: "timestamp", count: 2 });
  const own = new GpuProgram(
    device,
    { ...program, dispatches: Array(repeats).fill(program.dispatches).flat() },
    buffers,
    newBuffer,
  );
  const step = { steps: 1, data: new Float32Array(new SharedArrayBuffer(0)) };
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    await own.run(step, () => {}, { querySet: set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 });
    const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
    const read = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(set, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(GPUMapMode.READ);
    const [begin, end] = new BigUint64Array(read.getMappedRange());
    times.push(Number(end! - begin!) / 1e3 / repeats);
  }
  own.dispose();
  return Math.min(...times);
}

await tf.setBackend("cpu");
for (const model of models.split(",") as ModelName[]) {
  for (const batch of batches.split(",").map(Number)) {
    const { variables, inputs, step, dispose } = benchModel(model, batch);
    const begin = performance.now();
    const engine = new GpuEngine(thread as unknown as GpuThread);
    const parameters = engine.parameters(variables, {
      rule: updateRule({ name: "adam", ...adam }),
      weightDecay: 0,
    });
    engine.compileStep({ parameters, inputs, step });
    const { kernels, dispatches } = message!;
    const traced = performance.now() - begin;
    const whole = await time(message!, 20);
    console.log(
      `${model} ${batch}: ${
        whole.toFixed(0)
      } us, ${dispatches.length} dispatches of ${kernels.length} kernels; ` +
        `tracing ${traced.toFixed(0)} ms, compiling and 60 steps ${
          (performance.now() - begin - traced).toFixed(0)
        } ms`,
    );
    const rows = [];
    for (const [kernel, uses] of Map.groupBy(dispatches, ({ kernel }) => kernel)) {
      const [dispatch] = uses;
      const only = { ...message!, kernels: [kernels[kernel]!], dispatches: [{ ...dispatch!, kernel: 0 }] };
      const each = await time(only, REPEATS);
      rows.push({
        each,
        uses: uses.length,
        groups: dispatch!.groups,
        what: kernels[kernel]!.split("\n")[0]!.slice(3),
      });
    }
    rows.sort((a, b) => b.each * b.uses - a.each * a.uses);
    const all = rows.reduce((sum, { each, uses }) => sum + each * uses, 0);
    console.log(`  one by one ${all.toFixed(0)} us`);
    for (const { each, uses, groups, what } of rows.slice(0, 30)) {
      console.log(
        `  ${(each * uses).toFixed(1).padStart(7)} = ${uses} x ${each.toFixed(1)}  [${groups}]  ${
          what.slice(0, 150)
        }`,
      );
    }
    dispose();
  }
}
Deno.exit(0);
