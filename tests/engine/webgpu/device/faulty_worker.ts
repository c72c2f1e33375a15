import process from "node:process";
import type { Fault } from "./faults.ts";

/** See `faultyWorker` in faults.ts. */

let device: GPUDevice, submissions = 0, isShort = false, isLate = false;

const FAULTS: Readonly<Record<Fault, () => void>> = {
  throws: () =>
    setTimeout(() => {
      throw new Error("a callback that fails");
    }),
  rejects: () => void Promise.reject(new Error("a promise that nobody looks after")),
  stops: () => process.exit(1),
  loses: () => device.destroy(),
  "is short of memory": () => isShort = true,
  "answers late": () => isLate = true,
};

const { searchParams } = new URL(import.meta.url);
const fault = FAULTS[searchParams.get("fault") as Fault], at = Number(searchParams.get("at"));

const { requestDevice } = GPUAdapter.prototype;
GPUAdapter.prototype.requestDevice = async function (descriptor) {
  return device = await requestDevice.call(this, descriptor);
};

const { submit } = GPUQueue.prototype;
GPUQueue.prototype.submit = function (buffers) {
  submit.call(this, buffers);
  if (++submissions === at) fault();
};

// As a device tells of a request that it has no memory for: what it is used in is invalid then.
const scopes: GPUErrorFilter[] = [];
const { pushErrorScope, popErrorScope } = GPUDevice.prototype;
GPUDevice.prototype.pushErrorScope = function (filter) {
  scopes.push(filter);
  pushErrorScope.call(this, filter);
};
GPUDevice.prototype.popErrorScope = async function () {
  const filter = scopes.pop();
  const found = await popErrorScope.call(this);
  if (!isShort) return found;
  return filter === "out-of-memory"
    ? new GPUOutOfMemoryError("not enough memory left")
    : new GPUValidationError("a buffer is invalid");
};

// Where nobody waits for the GPU inside of a call, what is mapped is there when the promise is kept, and no sooner.
const kept = new WeakSet<GPUBuffer>();
const { mapAsync, getMappedRange } = GPUBuffer.prototype;
GPUBuffer.prototype.mapAsync = async function (...range) {
  kept.delete(this);
  await mapAsync.apply(this, range);
  kept.add(this);
};
GPUBuffer.prototype.getMappedRange = function (...range) {
  if (isLate && !kept.has(this)) throw new DOMException("it is not mapped yet", "OperationError");
  return getMappedRange.apply(this, range);
};

await import("../../../../pipeline/engine/webgpu/device/worker.ts");
