import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { rewrite } from "../../../pipeline/engine/onnx/rewrite.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const x = graph.input("x", [2, 6]), w = graph.input("w", [6, 4]), b = graph.input("b", [4]);
const rewritten = (...outputs: Parameters<typeof rewrite>[1]) => rewrite(graph, outputs).map(show);

Deno.test("softplus is written in operators that ONNX Runtime computes fast", () => {
  assert.deepEqual(rewritten(graph.unary("Softplus", x)), ["Sub(Relu(x), Log(Sigmoid(Abs(x))))"]);
});

Deno.test("what is added to a product becomes its third operand", () => {
  const product = graph.matMul(x, w);
  assert.deepEqual(rewritten(graph.add(product, b)), ["Gemm{transA:0,transB:0}(x, w, b)"]);
  // Not where the product is wanted without it, or is the smaller one of both.
  assert.deepEqual(rewritten(graph.add(product, b), product), [
    "Add(Gemm{transA:0,transB:0}(x, w), b)",
    "Gemm{transA:0,transB:0}(x, w)",
  ]);
  const larger = graph.input("larger", [3, 2, 4]);
  assert.deepEqual(rewritten(graph.add(product, larger)), ["Add(Gemm{transA:0,transB:0}(x, w), larger)"]);
});

// x is [batch, 2 x 3]: windows of two columns, at columns 0 and 1.
Deno.test("a strided view becomes a gather of the longest pieces that it takes whole", () => {
  const windows = graph.strided(x, [2, 2, 2, 2], [6, 1, 3, 1], 0);
  assert.deepEqual(rewritten(windows), [
    "Reshape(Gather{axis:1}(Reshape(x, [2,6,1]), [0,1,3,4,1,2,4,5]), [2,2,2,2])",
  ]);
  const rows = graph.strided(x, [2, 2, 3], [6, -3, 1], 3); // upside down, in whole rows
  assert.deepEqual(rewritten(rows), ["Gather{axis:1}(Reshape(x, [2,2,3]), [1,0])"]);
});
