import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { orientProducts } from "../../../pipeline/engine/native/orient.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const oriented = (...outputs: Value[]) => orientProducts(graph, outputs).map(show);
// 2 rows, 16 x 16 weights: 3.5 * 2 * (16 + 16) = 224 < 256, so turning the product around gains.
const x = graph.input("x", [2, 16]), w = graph.input("w", [16, 16]);

Deno.test("a product of few rows is turned around, so that the weights are read in place", () => {
  assert.deepEqual(oriented(graph.gemm(x, w, false, true)), [
    "Transpose{perm:1,0}(Gemm{transA:0,transB:1}(w, x))",
  ]);
});

Deno.test("a bias goes with the product that is turned around as a column, any other matrix is added after it", () => {
  const flags = { transA: 0, transB: 1 };
  const bias = graph.input("b", [16]), matrix = graph.input("c", [2, 16]);
  const product = (third: Value) => graph.node("Gemm", [x, w, third], [2, 16], "float32", flags);
  assert.deepEqual(oriented(product(bias)), [
    "Transpose{perm:1,0}(Gemm{transA:0,transB:1}(w, x, Reshape(b, [16,1])))",
  ]);
  assert.deepEqual(oriented(product(matrix)), [
    "Add(Transpose{perm:1,0}(Gemm{transA:0,transB:1}(w, x)), c)",
  ]);
});

Deno.test("a product of many rows stays: copying the rows and transposing the result would cost more than it saves", () => {
  const rows = graph.input("rows", [3, 16]); // 3.5 * 3 * 32 = 336 > 256
  const product = graph.gemm(rows, w, false, true);
  assert.equal(orientProducts(graph, [product])[0], product);
});

Deno.test("weights on the left that are read in place stay there", () => {
  const product = graph.gemm(w, x, false, true);
  assert.equal(orientProducts(graph, [product])[0], product);
});

Deno.test("weights that would be read transposed are turned once for three products, and not for two", () => {
  const products = ["p", "q", "r"].map((name) => graph.gemm(graph.input(name, [2, 16]), w, false, false));
  assert.deepEqual(oriented(...products.slice(0, 2)), products.slice(0, 2).map(show));
  assert.deepEqual(
    oriented(...products),
    ["p", "q", "r"].map((name) =>
      `Transpose{perm:1,0}(Gemm{transA:0,transB:1}(Transpose{perm:1,0}(w), ${name}))`
    ),
  );
});

// Four matrices of 3 x 5, transposed one by one: 20 rows of 3.
const series = graph.input("series", [4, 3, 5]);
const rows = graph.reshape(graph.node("Transpose", [series], [4, 5, 3], "float32", { perm: [0, 2, 1] }), [
  20,
  3,
]);

Deno.test("a series of transposed matrices becomes an operand by moving whole rows", () => {
  const other = graph.input("other", [20, 6]);
  assert.deepEqual(oriented(graph.gemm(rows, other, true, false)), [
    "Gemm{transA:0,transB:0}(Reshape(Transpose{perm:1,0,2}(series), [3,20]), other)",
  ]);
});

Deno.test("the sum of a series' rows is a sum over the series as it lies", () => {
  assert.deepEqual(oriented(graph.sum(rows, [0])), ["ReduceSum{keepdims:0}(series, [0,2])"]);
});
