import { parentPort, workerData } from "node:worker_threads";
import { describe, requestAdapter } from "./adapter.ts";
import { ANSWERED, ERROR_LENGTH, LOST, type Request, TAKEN, type ThreadData, TOO_SMALL } from "./messages.ts";
import { GpuProgram } from "./program.ts";

/**
 * The thread that owns the GPU. WebGPU answers by promises only, and an engine's caller waits: so this thread has
 * the promises, and the main thread sleeps in shared memory until they are kept.
 */

const { words, error } = workerData as ThreadData;

const adapter = await requestAdapter();
if (!adapter) throw new Error("there is no adapter");
const { limits } = adapter;
const device = await adapter.requestDevice({
  requiredLimits: {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeWorkgroupStorageSize: Math.min(32768, limits.maxComputeWorkgroupStorageSize),
  },
});
/** The first thing that went wrong since somebody was told, and for good where the device is lost. */
let failure: string | undefined;
let lost: string | undefined;
device.addEventListener("uncapturederror", (event) => {
  failure ??= (event as GPUUncapturedErrorEvent).error.message;
});
device.lost.then(({ message }) => lost = `${LOST}: ${message || "its driver gave no reason"}`);

const buffers = new Map<number, GPUBuffer>();
const programs = new Map<number, GpuProgram>();

async function perform(request: Request): Promise<void> {
  switch (request.kind) {
    case "buffer":
      buffers.set(request.number, newBuffer(request.bytes));
      return;
    case "write":
      device.queue.writeBuffer(
        buffers.get(request.number)!,
        request.at,
        request.data as unknown as Uint8Array<ArrayBuffer>,
      );
      return;
    case "read":
      return await read(buffers.get(request.number)!, 0, request.to);
    case "release":
      buffers.get(request.number)?.destroy();
      buffers.delete(request.number);
      programs.get(request.number)?.dispose();
      programs.delete(request.number);
      return;
    case "program":
      programs.set(request.number, new GpuProgram(device, request.program, buffers, newBuffer));
      return;
    case "run":
      return await programs.get(request.number)!.run(request, () => {
        Atomics.add(words, TAKEN, 1);
        Atomics.notify(words, TAKEN);
      });
    case "collect": {
      const { to, at, from } = request;
      const buffer = programs.get(request.number)![from];
      return await read(buffer, at * 4, new Uint8Array(to.buffer, to.byteOffset, to.byteLength));
    }
  }
}

function newBuffer(bytes: number): GPUBuffer {
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  return device.createBuffer({ size: Math.max(16, bytes), usage: STORAGE | COPY_DST | COPY_SRC });
}

async function read(from: GPUBuffer, at: number, to: Uint8Array<SharedArrayBuffer>): Promise<void> {
  const size = to.byteLength;
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, at, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  to.set(new Uint8Array(staging.getMappedRange()));
  staging.destroy();
}

/** One after the other, in the order in which they were asked for. */
let before = Promise.resolve();
parentPort!.on("message", (request: Request) => {
  before = before.then(async () => {
    const isAnswered = request.kind !== "run";
    try {
      if (lost === undefined) {
        if (isAnswered) device.pushErrorScope("out-of-memory");
        if (isAnswered) device.pushErrorScope("validation");
        await perform(request);
        if (isAnswered) failure ??= (await device.popErrorScope())?.message;
        if (isAnswered) failure ??= memoryMessage(await device.popErrorScope());
      }
    } catch (thrown) {
      failure ??= (thrown as Error).message;
    }
    if (isAnswered) answer(lost ?? failure);
    else if (lost !== undefined) Atomics.add(words, TAKEN, 1), Atomics.notify(words, TAKEN);
  });
});

function memoryMessage(scoped: GPUError | null): string | undefined {
  return scoped ? `${TOO_SMALL}: ${scoped.message}` : undefined;
}

function answer(message: string | undefined): void {
  const bytes = new TextEncoder().encode(message ?? "").subarray(0, error.length);
  error.set(bytes);
  words[ERROR_LENGTH] = bytes.length;
  failure = undefined;
  Atomics.add(words, ANSWERED, 1);
  Atomics.notify(words, ANSWERED);
}

parentPort!.postMessage(describe(adapter));
