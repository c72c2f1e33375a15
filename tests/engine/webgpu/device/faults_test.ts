import assert from "node:assert/strict";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { Answers } from "../../../../pipeline/engine/webgpu/device/answers.ts";
import { BEATS } from "../../../../pipeline/engine/webgpu/device/messages.ts";
import { GpuThread } from "../../../../pipeline/engine/webgpu/device/thread.ts";
import { testEngine } from "../../engines.ts";
import { type Fault, faultyWorker } from "./faults.ts";

/** What is thrown, a user's error. */
function thrown(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

const FATAL: readonly (readonly [fault: Fault, says: RegExp])[] = [
  ["throws", /^Cannot go on: the thread that drives the GPU ended: .*a callback that fails/],
  ["rejects", /^Cannot go on: the thread that drives the GPU ended: .*a promise that nobody looks after/],
  ["stops", /^Cannot go on: the thread that drives the GPU ended: something told it to stop/],
  ["loses", /^Cannot go on: the GPU was lost: /],
];

for (const [fault, says] of FATAL) {
  testEngine(
    "webgpu",
    `whoever waits for the GPU is told when its thread ${fault}, and so is everyone after`,
    async () => {
      const thread = await GpuThread.start(faultyWorker(fault, 2));
      const buffer = thread.buffer(64);
      assert.deepEqual(thread.read(buffer, 64), new Uint8Array(64));
      assert.ok(!thread.isBroken);
      // The answer may come before the end does.
      const error = thrown(() => {
        for (let i = 0; i < 1000; i++) thread.read(buffer, 64);
      });
      assert.match(error.message, says);
      assert.match(error.notes.join(), /Run again: training goes on from its checkpoint.*--engine native/);
      assert.ok(thread.isBroken);
      assert.equal(thrown(() => thread.write(buffer, 0, new Uint8Array(4))), error);
      assert.equal(thrown(() => thread.awaitTaken(1)), error);
      thread.retire();
    },
  );
}

testEngine("webgpu", "too little memory is told as such, not as what follows from it", async () => {
  const thread = await GpuThread.start(faultyWorker("is short of memory", 1));
  const buffer = thread.buffer(64);
  const error = thrown(() => thread.read(buffer, 64));
  assert.match(error.message, /^Cannot compute this: the GPU's memory is too small: not enough memory left/);
  assert.match(error.notes.join(), /smaller batch.*--engine native/);
  assert.ok(!thread.isBroken, "something smaller may fit");
  thread.retire();
});

Deno.test("a thread that gives no sign of life is given up", () => {
  const words = new Int32Array(new SharedArrayBuffer(64));
  words[BEATS] = 7;
  const place = () => new Uint8Array(new SharedArrayBuffer(64));
  const answers = new Answers({ words, error: place(), lastWords: place() }, 1);
  assert.match(thrown(() => answers.awaitAnswer(1)).message, /the GPU's driver has not come back for 1 s/);
});
