import assert from "node:assert/strict";
import { aligned } from "../../../pipeline/engine/program/layout.ts";
import { allocate, arrange, ProgramMemory } from "../../../pipeline/engine/native/memory.ts";

Deno.test("tensors lie one behind the other, each on cache lines of its own", () => {
  const { addresses, bytes } = arrange({ a: [3], b: [4, 4], c: [], d: [17] });
  assert.deepEqual(addresses, { a: 0, b: 64, c: 128, d: 192 }); // 12, 64, 4 and 68 bytes
  assert.equal(bytes, 320);
  assert.deepEqual([0, 1, 64, 65].map(aligned), [0, 64, 64, 128]);
});

Deno.test("views of a program's memory are where the tensors were put, and cannot be given away", () => {
  const shapes = { "input/x": [2], loss: [] };
  const memory = allocate(arrange(shapes).bytes, true);
  const program = new ProgramMemory(shapes, memory.buffer);
  program.views.loss![0] = 7;
  assert.equal(new Float32Array(memory.buffer)[16], 7);
  assert.deepEqual(Object.keys(program.named(["x"], (name) => `input/${name}`)), ["x"]);
  const own = new ProgramMemory(shapes);
  assert.throws(() => structuredClone(0, { transfer: [own.views.loss!.buffer] }));
});

Deno.test("memory is of fixed size, in whole pages, and at most 4 GiB", () => {
  const memory = allocate(65537, false);
  assert.equal(memory.buffer.byteLength, 2 * 65536);
  assert.throws(() => memory.grow(1));
  assert.throws(
    () => allocate(5 * 2 ** 30, true),
    /needs 5\.0 GiB for its tensors, and can have 4; make the batch/,
  );
});

Deno.test("memory that was disposed of is known to be", () => {
  const memory = new ProgramMemory({ x: [1] });
  memory.assertAlive();
  assert.equal(memory.dispose(), true);
  assert.equal(memory.dispose(), false);
  assert.throws(() => memory.assertAlive(), /after it was disposed of/);
});
