import assert from "node:assert/strict";
import { Graph } from "../../../../pipeline/engine/graph/graph.ts";
import { frameOf, stridedViewOf } from "../../../../pipeline/engine/native/program/strided_view.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3, 4]); // strides 12, 4, 1

Deno.test("a transpose that keeps the last axis is a view with the strides exchanged", () => {
  assert.deepEqual(stridedViewOf(graph.transpose(x, [1, 0, 2])), { strides: [4, 12, 1], offset: 0 });
});

Deno.test("a transpose that moves the last axis is none: a loop reads four neighbours at once", () => {
  assert.equal(stridedViewOf(graph.transpose(x, [0, 2, 1])), undefined);
});

Deno.test("a last axis of length 1 may lie anywhere", () => {
  const column = graph.input("column", [3, 4, 1]);
  assert.deepEqual(
    stridedViewOf(graph.node("Transpose", [column], [1, 3, 4], "float32", { perm: [2, 0, 1] })),
    {
      strides: [1, 4, 1],
      offset: 0,
    },
  );
});

Deno.test("a slice begins at its first entry and steps over what it leaves out", () => {
  const cut = graph.slice(x, [0, 1, 1], [2, 2, 3]);
  assert.deepEqual(stridedViewOf(cut), { strides: [12, 4, 1], offset: 5 });
  const backwards = graph.slice(x, [1, 2, 0], [2, 2, 4], [-1, -2, 1]);
  assert.deepEqual(stridedViewOf(backwards), { strides: [-12, -8, 1], offset: 20 });
  assert.equal(stridedViewOf(graph.slice(x, [0, 0, 0], [2, 3, 2], [1, 1, 2])), undefined);
});

Deno.test("a strided value is the view that it says it is", () => {
  const windows = graph.strided(x, [2, 2, 2, 4], [12, 4, 4, 1], 4);
  assert.deepEqual(stridedViewOf(windows), { strides: [12, 4, 4, 1], offset: 4 });
});

Deno.test("what computes, and what is not of floats, is no view", () => {
  assert.equal(stridedViewOf(graph.unary("Exp", x)), undefined);
  const integers = graph.input("integers", [2, 3, 4], "int32");
  assert.equal(stridedViewOf(graph.transpose(integers, [1, 0, 2])), undefined);
});

Deno.test("zeros around a picture are a frame, in which it begins behind the first of them", () => {
  const padded = graph.pad(x, [[0, 0], [1, 2], [3, 0]]); // [2, 6, 7]
  assert.deepEqual(frameOf(padded), { strides: [42, 7, 1], offset: 1 * 7 + 3 });
});

Deno.test("padding with other numbers, and padding that cuts, are no frames", () => {
  assert.equal(frameOf(graph.pad(x, [[0, 0], [1, 0], [0, 0]], -Infinity)), undefined);
  assert.equal(frameOf(graph.pad(x, [[0, 0], [-1, 0], [0, 0]])), undefined);
});
