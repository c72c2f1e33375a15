import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import { mergeSums } from "../../../pipeline/engine/graph/merge_sums.ts";
import type { Attributes, Value } from "../../../pipeline/engine/graph/value.ts";
import { verifyGraph } from "../../../pipeline/engine/graph/verify.ts";
import { orientProducts } from "../../../pipeline/engine/native/orient.ts";
import { NATIVE_RULES, spelt } from "../../../pipeline/engine/native/program/rules.ts";
import { convolveByWinograd } from "../../../pipeline/engine/native/winograd.ts";
import { separate } from "../../../pipeline/engine/program/storage.ts";
import { rewrite } from "../../../pipeline/engine/onnx/rewrite.ts";
import { tf } from "../../../pipeline/engine/tfjs.ts";
import { traceFunction, traceStep } from "../../../pipeline/engine/trace/trace.ts";
import { CASES, weighted } from "../operations.ts";
import { randomLoss, SHAPES } from "../random_operations.ts";
import { SMALL_MODELS, smallModel } from "../small_models.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3]), y = graph.input("y", [3, 4]), b = graph.input("b", [2, 3], "bool");
const node = (
  op: Value["op"],
  operands: readonly Value[],
  shape: readonly number[],
  attributes: Attributes = {},
  dtype: Value["dtype"] = "float32",
) => graph.node(op, operands, shape, dtype, attributes);
const list = (...integers: number[]) => graph.integers(integers);
const flags = { transA: 0, transB: 0 };
const split = node("Split", [x, list(1, 2)], [2, 3], { axis: 1 });

const WRONG: Record<string, readonly [Value, RegExp]> = {
  "too few operands": [
    node("Add", [x], [2, 3]),
    /^Error: The graph is wrong: Add\(#0 float32 \[2,3\]\) as #\d+ .* 1 operands/,
  ],
  "an unknown attribute": [node("Exp", [x], [2, 3], { axis: 1 }), /has an attribute axis/],
  "no attribute": [node("Softmax", [x], [2, 3]), /attribute axis is no integer/],
  "an attribute that is no float": [
    node("LeakyRelu", [x], [2, 3], { alpha: 1 }),
    /attribute alpha is no float/,
  ],
  "a wrong shape": [node("Exp", [x], [3, 2]), /its shape should be \[2,3\]/],
  "a wrong type": [node("Equal", [x, x], [2, 3]), /its type should be bool/],
  "types that differ": [node("Add", [x, b], [2, 3]), /operands differ in type/],
  "arithmetic of truth values": [node("Mul", [b, b], [2, 3], {}, "bool"), /computes with truth values/],
  "logic of numbers": [node("And", [x, x], [2, 3], {}, "bool"), /truth values only/],
  "shapes that do not broadcast": [node("Add", [x, y], [2, 3]), /Cannot broadcast/],
  "a broadcast to what is smaller": [node("Expand", [x, list(2, 1)], [2, 1]), /cannot become \[2,1\]/],
  "a reshape to another size": [node("Reshape", [x, list(5)], [5]), /\[5\] has another size/],
  "a transpose that leaves an axis out": [node("Transpose", [x], [3], { perm: [1] }), /leaves an axis out/],
  "a transpose with an axis twice": [node("Transpose", [x], [3, 3], { perm: [1, 1] }), /occurs twice/],
  "a product that does not fit": [node("Gemm", [x, x], [2, 3], flags), /add up 3 and 2 products/],
  "a product that skips zeros and does not fit": [
    node("SparseGemm", [x, x], [2, 3], { transA: 0 }),
    /add up 3 and 2 products/,
  ],
  "a product of no matrices": [node("Gemm", [graph.input("v", [3]), y], [1, 4], flags), /no matrices/],
  "a bias that is too large": [
    node("Gemm", [x, y, graph.input("c", [5, 2, 4])], [2, 4], flags),
    /larger than the product/,
  ],
  "a concatenation of other shapes": [node("Concat", [x, y], [5, 3], { axis: 0 }), /differ in shape/],
  "an axis that there is not": [node("Concat", [x, x], [4, 3], { axis: 2 }), /no axis among 2/],
  "a split of another length": [node("Split", [x, list(1, 1)], [2, 3], { axis: 1 }), /2 entries together/],
  "a piece that there is not": [node("Output", [split], [2, 1], { index: 2 }), /has 2 pieces/],
  "a piece of nothing": [node("Output", [x], [2, 3], { index: 0 }), /one result only/],
  "a slice that begins outside": [node("Slice", [x, list(3), list(4), list(1)], [2, 1]), /cut from 3 by 1/],
  "a slice that ends outside": [node("Slice", [x, list(1), list(4), list(1)], [2, 3]), /cut up to 4/],
  "a strided view that reaches outside": [
    node("Strided", [x], [2, 2], { strides: [3, 1], offset: 2 }),
    /reads entries 2 to 6/,
  ],
  "padding without amounts": [node("Pad", [x, list(1), graph.fill(0, [])], [4, 3]), /not two amounts/],
  "a gather by floats": [node("Gather", [x, x], [2, 3, 3], { axis: 0 }), /indices are no integers/],
  "a gather from outside": [node("Gather", [x, list(1, 2)], [2, 3], { axis: 0 }), /no entry 2/],
  "a sum over a computed axis": [node("ReduceSum", [x, x], [3], { keepdims: 0 }), /no constant/],
  "a choice by numbers": [node("Where", [x, x, x], [2, 3]), /no truth value/],
  "a constant of too few entries": [
    { id: 1e6, op: "Constant", operands: [], attributes: {}, shape: [2], dtype: "float32", data: [1] },
    /has 1 entries/,
  ],
  "an input without a name": [
    { id: 1e6 + 1, op: "Input", operands: [], attributes: {}, shape: [2], dtype: "float32" },
    /has no name/,
  ],
  "an operand that comes after it": [
    { id: 0, op: "Exp", operands: [y], attributes: {}, shape: [3, 4], dtype: "float32" },
    /operand #1 comes after it/,
  ],
};

for (const [what, [value, message]] of Object.entries(WRONG)) {
  Deno.test(`a graph with ${what} is refused`, () => {
    assert.throws(() => verifyGraph([graph.node("Identity", [value], value.shape, value.dtype)]), message);
  });
}

/** Takes the values through what either way of running them does to a graph, and looks at it after each pass. */
function verifyPasses(graph: Graph, values: readonly Value[]): void {
  const passes: ((graph: Graph, values: readonly Value[]) => readonly Value[])[] = [
    convolveByWinograd,
    mergeSums,
    orientProducts,
    (graph, values) =>
      separate(graph, values, [], NATIVE_RULES, (value, rebuilt) => spelt(graph, value, rebuilt)).outputs,
  ];
  verifyGraph(values);
  passes.reduce((before, pass) => {
    const after = pass(graph, before);
    verifyGraph(after);
    return after;
  }, values);
  verifyGraph(orientProducts(graph, rewrite(graph, values)));
}

function variablesOf(variables: readonly tf.Variable[], layout: "natural" | "transposed") {
  return {
    variables,
    latest: (name: string) => variables.find((variable) => variable.name === name)!.dataSync<"float32">(),
    isTransposed: (name: string) =>
      layout === "transposed" && variables.find((variable) => variable.name === name)!.rank === 2,
  };
}

/** A step's graph: its scalars and the gradients. */
function verifyStep(
  variables: readonly tf.Variable[],
  inputs: Record<string, readonly number[]>,
  step: (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>,
): void {
  const { graph, results } = traceStep(variablesOf(variables, "transposed"), inputs, step);
  verifyPasses(graph, Object.values(graph.floats(results)));
}

Deno.test("every operation's graph is right, and so is its gradient's, before and after every pass", async () => {
  await tf.setBackend("cpu");
  for (const [name, { shapes, fn, valuesOnly }] of Object.entries(CASES)) {
    const operands = shapes.map((shape) => tf.variable(tf.ones(shape)));
    const { graph, results } = traceFunction(
      variablesOf(operands, "natural"),
      {},
      () => ({ y: fn(...operands) }),
    );
    verifyPasses(graph, Object.values(graph.floats(results)));
    if (!valuesOnly) verifyStep(operands, {}, () => ({ loss: weighted(fn(...operands), name) }));
    tf.dispose(operands);
  }
});

Deno.test("graphs of whole models are right before and after every pass", async () => {
  await tf.setBackend("cpu");
  for (const name of SMALL_MODELS) {
    const { variables, definition: { inputs, step } } = smallModel(name, 4);
    const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
    verifyStep(variables, shapes, step);
    tf.dispose(variables);
  }
});

Deno.test("graphs of random operations are right before and after every pass", async () => {
  await tf.setBackend("cpu");
  for (let seed = 1000; seed < 1040; seed++) {
    const variables = SHAPES.map((shape) => tf.variable(tf.ones(shape)));
    verifyStep(variables, { x: [2, 4] }, ({ x }) => ({ loss: randomLoss(seed, variables, x!) }));
    tf.dispose(variables);
  }
});
