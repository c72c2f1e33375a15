import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { GpuThread } from "../../../../pipeline/engine/webgpu/device/thread.ts";
import { testEngine } from "../../engines.ts";
import { faultyWorker } from "./faults.ts";

/** More than is read at once, and no multiple of it. */
const BYTES = 2 ** 23 + 4 * 1001;

/** Bytes that tell where they stand. */
function marked(bytes: number): Uint8Array {
  const numbers = Uint32Array.from({ length: bytes / 4 }, (_, i) => Math.imul(i, 2654435761));
  return new Uint8Array(numbers.buffer);
}

const THREADS: readonly (readonly [what: string, module: URL | undefined])[] = [
  ["as soon as a call returns", undefined],
  ["once a promise is kept, where it is not there before", faultyWorker("answers late", 1)],
];

for (const [when, module] of THREADS) {
  testEngine("webgpu", `what a buffer holds is read ${when}, however much it is`, async () => {
    const thread = await GpuThread.start(module);
    const buffer = thread.buffer(BYTES), bytes = marked(BYTES);
    thread.write(buffer, 0, bytes);
    for (const length of [4, 4096, BYTES, 8]) {
      assert.equal(Buffer.compare(thread.read(buffer, length), bytes.subarray(0, length)), 0);
      bytes.subarray(0, 4).reverse();
      thread.write(buffer, 0, bytes.subarray(0, 4));
    }
    thread.retire();
  });
}
