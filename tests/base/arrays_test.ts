import assert from "node:assert/strict";
import { concatenated } from "../../pipeline/base/arrays.ts";
import { sizeOf } from "../../pipeline/base/shape.ts";

Deno.test("arrays one after the other are one array of their type; of none it is empty", () => {
  assert.deepEqual(
    concatenated(Float32Array, [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(0.5)]),
    Float32Array.of(1, 2, 0.5),
  );
  assert.deepEqual(concatenated(Uint8Array, []), new Uint8Array(0));
});

Deno.test("the size of a shape is the product of its sides: 1 without axes, 0 with an empty one", () => {
  assert.deepEqual([[28, 28], [7], [], [3, 0, 2]].map(sizeOf), [784, 7, 1, 0]);
});
