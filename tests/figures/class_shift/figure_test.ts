import assert from "node:assert/strict";
import { shifted } from "../../../pipeline/figures/class_shift/figure.ts";

Deno.test("codes are moved by a share of the way from one class's mean to the other's, and keep what is their own", () => {
  const codes = Float32Array.of(1, 2, 3, 4);
  const [from, to] = [Float64Array.of(0, 1), Float64Array.of(4, -1)];
  assert.deepEqual([...shifted(codes, from, to, 0)], [1, 2, 3, 4]);
  assert.deepEqual([...shifted(codes, from, to, 0.5)], [3, 1, 5, 3]);
  const there = shifted(codes, from, to, 1);
  assert.deepEqual([...shifted(there, to, from, 1)], [1, 2, 3, 4], "and back");
});
