import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { countUses, inOrder, transform } from "../../../pipeline/engine/graph/transform.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3]), y = graph.input("y", [2, 3]);
const sum = graph.add(x, y), square = graph.multiply(sum, sum);

Deno.test("values come after their operands, each once", () => {
  assert.deepEqual(inOrder([square, sum]).map(show), ["x", "y", "Add(x, y)", "Mul(Add(x, y), Add(x, y))"]);
  assert.deepEqual(inOrder([]), []);
});

Deno.test("a graph that is deeper than the stack is put in order", () => {
  let deep = x;
  for (let i = 0; i < 50_000; i++) deep = graph.node("Exp", [deep], deep.shape);
  assert.equal(inOrder([deep]).length, 50_001);
});

Deno.test("uses count operands and outputs", () => {
  const uses = countUses([square, sum]);
  assert.deepEqual([x, y, sum, square].map((value) => uses.get(value)), [1, 1, 3, 1]);
});

Deno.test("a rule's replacement reaches everything that is computed from it", () => {
  const [result] = transform(graph, [graph.unary("Exp", square)], (value) => value === y ? x : undefined);
  assert.equal(show(result!), "Exp(Mul(Add(x, x), Add(x, x)))");
});

Deno.test("a transpose that a rule brings next to a product is taken into its flags", () => {
  const w = graph.input("w", [4, 3]);
  const product = graph.matMul(x, w, false, true);
  const turned = graph.input("turned", [3, 4]);
  const [result] = transform(
    graph,
    [product],
    (value) => value === w ? graph.transpose(turned, [1, 0]) : undefined,
  );
  assert.equal(show(result!), "Gemm{transA:0,transB:0}(x, turned)");
});

Deno.test("what no rule changes stays the same value", () => {
  assert.equal(transform(graph, [square], () => undefined)[0], square);
});
