import { parentPort, workerData } from "node:worker_threads";
import { describe, NO_ADAPTER, requestAdapter } from "./adapter.ts";
import {
  ANSWERED,
  ASLEEP,
  leave,
  LOST,
  type Request,
  TAKEN,
  type ThreadData,
  TOO_SMALL,
} from "./messages.ts";
import { SHARED_BYTES } from "../profile.ts";
import { GpuProgram } from "./program.ts";
import { GpuQueue } from "./queue.ts";
import { showLife } from "./signs_of_life.ts";

/**
 * The thread that owns the GPU. WebGPU answers by promises only, and an engine's caller waits: so this thread has
 * the promises, and the main thread sleeps in shared memory until they are kept.
 */

const data = workerData as ThreadData;
const { words } = data;
showLife(data);

const adapter = await requestAdapter();
if (!adapter) throw new Error(NO_ADAPTER);
const { limits } = adapter;
const device = await adapter.requestDevice({
  requiredLimits: {
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeWorkgroupStorageSize: Math.min(SHARED_BYTES, limits.maxComputeWorkgroupStorageSize),
  },
});
/** The first thing that went wrong since somebody was told, and for good where the device is lost. */
let failure: string | undefined;
let lost: string | undefined;
/** Ends the request under way: a lost device need not keep its promises. */
let giveUp = () => {};
device.addEventListener("uncapturederror", (event) => {
  failure ??= messageOf((event as GPUUncapturedErrorEvent).error);
});
device.lost.then(({ message }) => {
  lost = `${LOST}: ${message || "its driver gave no reason"}`;
  giveUp();
});

const queue = await GpuQueue.open(device);
const buffers = new Map<number, GPUBuffer>();
const programs = new Map<number, GpuProgram>();

type Task = Exclude<Request, { kind: "retire" }>;

/** @param taken is to be called when the numbers of a submission were copied */
async function perform(request: Task, taken: () => void): Promise<void> {
  switch (request.kind) {
    case "buffer":
      buffers.set(request.number, newBuffer(request.bytes));
      return;
    case "write":
      queue.write(buffers.get(request.number)!, request.at, request.data);
      return;
    case "read":
      return await queue.read(buffers.get(request.number)!, 0, request.to);
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
      return await programs.get(request.number)!.run(queue, request, taken);
    case "collect":
      return await queue.read(programs.get(request.number)!.results, 0, bytesOf(request.to));
    case "call": {
      const program = programs.get(request.number)!;
      await program.run(queue, { steps: 1, data: request.data }, taken);
      return await queue.read(program.memory, request.at * 4, bytesOf(request.to));
    }
  }
}

function bytesOf(numbers: Float32Array<SharedArrayBuffer>): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function newBuffer(bytes: number): GPUBuffer {
  const { STORAGE, COPY_DST, COPY_SRC } = GPUBufferUsage;
  return device.createBuffer({ size: Math.max(16, bytes), usage: STORAGE | COPY_DST | COPY_SRC });
}

/** Performs a request of which one waits for the answer, and finds out what was wrong with it. */
async function performWatched(request: Task): Promise<void> {
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  try {
    await perform(request, () => {});
  } finally {
    const [invalid, short] = await Promise.all([device.popErrorScope(), device.popErrorScope()]);
    // What there was no memory for is invalid wherever it is used: the cause goes first.
    const wrong = short ?? invalid;
    if (wrong) failure ??= messageOf(wrong);
  }
}

/** One after the other, in the order in which they were asked for. */
let before = Promise.resolve();
let submissions = 0;
// Not `on`: Deno 2.9.6 then walks through all entries of an array that is received, in search of ports.
parentPort!.addEventListener("message", ({ data: request }: { readonly data: Request }) => {
  if (request.kind === "retire") return sleep();
  before = before.then(async () => {
    const isRun = request.kind === "run";
    const submission = isRun ? ++submissions : 0;
    const taken = () => {
      Atomics.store(words, TAKEN, submission);
      Atomics.notify(words, TAKEN);
    };
    try {
      if (lost === undefined) {
        await new Promise<void>((resolve, reject) => {
          giveUp = resolve;
          (isRun ? perform(request, taken) : performWatched(request)).then(resolve, reject);
        });
      }
    } catch (thrown) {
      failure ??= (thrown as Error).message;
    }
    if (isRun) return taken(); // whatever became of it: its memory is free
    if (failure !== undefined && lost === undefined) await toldOfLoss();
    answer(lost ?? failure);
  });
});

/** What is asked of a lost device fails, for reasons that say nothing, before one is told that it is lost. */
async function toldOfLoss(): Promise<void> {
  await new Promise<void>((resolve) => {
    giveUp = resolve;
    setTimeout(resolve, 200);
  });
}

function messageOf(error: GPUError): string {
  return error instanceof GPUOutOfMemoryError ? `${TOO_SMALL}: ${error.message}` : error.message;
}

/** Lets go of the GPU and of whoever waits, and sleeps for good. */
function sleep(): void {
  device.destroy();
  Atomics.store(words, ASLEEP, 1);
  Atomics.notify(words, ASLEEP);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

function answer(message = ""): void {
  leave(data.error, message);
  failure = undefined;
  Atomics.add(words, ANSWERED, 1);
  Atomics.notify(words, ANSWERED);
}

parentPort!.postMessage(describe(adapter));
