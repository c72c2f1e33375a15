import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { mergeSums } from "../../../pipeline/engine/graph/merge_sums.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => graph.input(name, [5, 2])) as [
  Value,
  Value,
  Value,
  Value,
];
const other = graph.input("other", [2, 2]);
const gradient = (left: Value, right: Value) => graph.gemm(left, right, true, false);
const sumOf = (...terms: Value[]) => terms.reduce((sum, term) => graph.add(sum, term));
const merged = (...outputs: Value[]) => mergeSums(graph, outputs).map(show);

Deno.test("a sum of three products over the same rows becomes one product of the concatenations", () => {
  const [sum] = mergeSums(graph, [sumOf(gradient(a, b), gradient(b, c), gradient(c, d))]);
  // The outermost sum is looked at first: (ab + bc) + cd.
  assert.equal(
    show(sum!),
    "Gemm{transA:1,transB:0}(Concat{axis:0}(c, a, b), Concat{axis:0}(d, b, c))",
  );
  assert.deepEqual([...sum!.shape], [2, 2]);
});

Deno.test("other terms of the sum stay beside the product", () => {
  assert.deepEqual(merged(sumOf(gradient(a, b), other, gradient(b, c), gradient(c, d))), [
    "Add(Gemm{transA:1,transB:0}(Concat{axis:0}(c, b, a), Concat{axis:0}(d, c, b)), other)",
  ]);
});

Deno.test("two products are not worth a concatenation", () => {
  const sum = sumOf(gradient(a, b), gradient(b, c));
  assert.equal(mergeSums(graph, [sum])[0], sum);
});

Deno.test("a product that somebody else reads too stays as it is", () => {
  const shared = gradient(a, b);
  const sum = sumOf(shared, gradient(b, c), gradient(c, d));
  assert.equal(mergeSums(graph, [sum, shared])[0], sum);
});

Deno.test("a bias's sums over rows become one sum over the concatenation", () => {
  const rows = (x: Value) => graph.sum(x, [0]);
  assert.deepEqual(merged(sumOf(rows(a), rows(b), rows(c))), [
    "ReduceSum{keepdims:0}(Concat{axis:0}(c, a, b), [0])",
  ]);
});
