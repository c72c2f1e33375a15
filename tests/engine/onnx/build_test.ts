import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { buildModel } from "../../../pipeline/engine/onnx/build.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3]), unused = graph.input("unused", [9]);

Deno.test("a model has its nodes in order, inputs under their names, and outputs under those asked for", () => {
  const exp = graph.unary("Exp", x);
  const model = buildModel(graph, { y: graph.add(exp, graph.fill(2, [])), e: exp });
  assert.deepEqual(model, {
    nodes: [
      { op: "Exp", inputs: ["x"], outputs: ["e"], attributes: {} },
      { op: "Add", inputs: ["e", "t2"], outputs: ["y"], attributes: {} },
    ],
    initialisers: [{ name: "t2", shape: [], dtype: "float32", data: [2] }],
    inputs: [{ name: "x", shape: [2, 3], dtype: "float32" }],
    outputs: [
      { name: "y", shape: [2, 3], dtype: "float32" },
      { name: "e", shape: [2, 3], dtype: "float32" },
    ],
  });
});

Deno.test("a value that is two outputs, and an input that is one, are copied", () => {
  const exp = graph.unary("Exp", x);
  const { nodes, inputs } = buildModel(graph, { a: exp, b: exp, x2: unused });
  assert.deepEqual(nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs]), [
    ["Exp", ["x"], ["a"]],
    ["Identity", ["a"], ["b"]],
    ["Identity", ["unused"], ["x2"]],
  ]);
  assert.deepEqual(inputs.map(({ name }) => name), ["x", "unused"]);
});

Deno.test("pieces of a split are results of one node; a filled tensor is an expansion of one number", () => {
  const [first, second] = graph.split(x, [1, 2], 1);
  const { nodes, initialisers } = buildModel(graph, {
    first: first!,
    second: second!,
    ones: graph.fill(1, [4]),
  });
  assert.deepEqual(nodes.map(({ op, outputs }) => [op, outputs]), [
    ["Split", ["t2.0", "t2.1"]],
    ["Expand", ["ones"]],
    ["Identity", ["first"]],
    ["Identity", ["second"]],
  ]);
  assert.deepEqual(initialisers.map(({ name, data }) => [name, Array.from(data)]), [
    ["t1", [1, 2]],
    ["ones.number", [1]],
    ["ones.shape", [4]],
  ]);
});

Deno.test("a cast says in ONNX's numbers what it becomes", () => {
  const { nodes } = buildModel(graph, { y: graph.cast(x, "bool") });
  assert.deepEqual(nodes, [{ op: "Cast", inputs: ["x"], outputs: ["y"], attributes: { to: 9 } }]);
});
