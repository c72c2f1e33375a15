import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { NATIVE_RULES } from "../../../pipeline/engine/native/program/rules.ts";
import { schedule } from "../../../pipeline/engine/program/fuse.ts";
import { show } from "../graphs.ts";

/** The instructions: a call as its value, a loop as its axes, its members and what it stores. */
function scheduled(...outputs: Value[]) {
  return schedule(outputs, NATIVE_RULES).map((instruction) =>
    instruction.kind === "call" ? `call ${show(instruction.value)}` : {
      over: instruction.shape,
      computes: instruction.members.map(show),
      stores: instruction.results.map(show),
    }
  );
}

const graph = new Graph();
const x = graph.input("x", [2, 4]), y = graph.input("y", [2, 4]), w = graph.input("w", [4, 4]);
const exp = graph.unary("Exp", x);

Deno.test("a chain of elementwise operations is one loop that stores its last value", () => {
  const result = graph.multiply(graph.add(exp, y), graph.fill(3, []));
  assert.deepEqual(scheduled(result), [{
    over: [2, 4],
    computes: ["Exp(x)", "Add(Exp(x), y)", "Mul(Add(Exp(x), y), 3)"],
    stores: ["Mul(Add(Exp(x), y), 3)"],
  }]);
});

Deno.test("a value that is an output as well as an operand is stored by the loop that computes it", () => {
  const [loop] = scheduled(exp, graph.add(exp, y));
  assert.deepEqual(loop, {
    over: [2, 4],
    computes: ["Exp(x)", "Add(Exp(x), y)"],
    stores: ["Exp(x)", "Add(Exp(x), y)"],
  });
});

Deno.test("products are calls, between the loops that make their operands and read their results", () => {
  const product = graph.matMul(exp, w);
  assert.deepEqual(scheduled(graph.unary("Tanh", product)), [
    { over: [2, 4], computes: ["Exp(x)"], stores: ["Exp(x)"] },
    `call ${show(product)}`,
    { over: [2, 4], computes: [`Tanh(${show(product)})`], stores: [`Tanh(${show(product)})`] },
  ]);
});

Deno.test("what two loops on both sides of a call read is computed in the first of them", () => {
  const product = graph.matMul(graph.unary("Neg", exp), w);
  const [first, , last] = scheduled(graph.add(exp, product));
  assert.deepEqual(first, {
    over: [2, 4],
    computes: ["Exp(x)", "Neg(Exp(x))"],
    stores: ["Exp(x)", "Neg(Exp(x))"],
  });
  assert.deepEqual((last as { computes: string[] }).computes, [show(graph.add(exp, product))]);
});

Deno.test("loops over the same tensor that do not wait for each other become one", () => {
  const [loop, ...others] = scheduled(graph.unary("Exp", x), graph.unary("Tanh", x));
  assert.deepEqual(loop, { over: [2, 4], computes: ["Exp(x)", "Tanh(x)"], stores: ["Exp(x)", "Tanh(x)"] });
  assert.deepEqual(others, []);
});

Deno.test("a loop can end in a sum; what reads the sum waits for the loop's end", () => {
  const sum = graph.sum(graph.multiply(x, y), [1], true);
  assert.deepEqual(scheduled(graph.subtract(x, sum)), [
    { over: [2, 4], computes: ["Mul(x, y)", show(sum)], stores: [show(sum)] },
    { over: [2, 4], computes: [`Sub(x, ${show(sum)})`], stores: [`Sub(x, ${show(sum)})`] },
  ]);
});

Deno.test("truth values are computed anew in every loop that needs them, and never stored", () => {
  const mask = graph.binary("Greater", x, graph.fill(0, []), undefined, "bool");
  const chosen = graph.node("Where", [mask, x, y], [2, 4]);
  assert.deepEqual(scheduled(chosen), [{ over: [2, 4], computes: [show(chosen)], stores: [show(chosen)] }]);
});

Deno.test("truth values that the library reads are made by the library", () => {
  const mask = graph.binary("Greater", x, graph.fill(0, []), undefined, "bool");
  const integers = graph.cast(mask, "int32");
  assert.deepEqual(scheduled(graph.cast(integers, "float32")), [
    `call ${show(mask)}`,
    `call ${show(integers)}`,
    `call ${show(graph.cast(integers, "float32"))}`,
  ]);
});

Deno.test("a transpose of whole rows is read in its order; what it reads must be there before", () => {
  const tensor = graph.input("tensor", [2, 3, 4]);
  const turned = graph.transpose(graph.unary("Exp", tensor), [1, 0, 2]);
  assert.deepEqual(scheduled(graph.unary("Tanh", turned)), [
    { over: [2, 3, 4], computes: ["Exp(tensor)"], stores: ["Exp(tensor)"] },
    {
      over: [3, 2, 4],
      computes: ["Transpose{perm:1,0,2}(Exp(tensor))", "Tanh(Transpose{perm:1,0,2}(Exp(tensor)))"],
      stores: ["Tanh(Transpose{perm:1,0,2}(Exp(tensor)))"],
    },
  ]);
});

Deno.test("a frame of zeros is filled by the loop that computes what is in it", () => {
  const framed = graph.pad(exp, [[1, 0], [0, 0]]);
  assert.deepEqual(scheduled(framed), [{
    over: [2, 4],
    computes: ["Exp(x)", show(framed)],
    stores: [show(framed)],
  }]);
});

Deno.test("a loop computes at most 40 members", () => {
  let chain = x;
  for (let i = 0; i < 41; i++) chain = graph.unary("Exp", chain);
  const sizes = schedule([chain], NATIVE_RULES).map((loop) => loop.kind === "loop" ? loop.members.length : 0);
  assert.deepEqual(sizes, [1, 40]);
});

Deno.test("a loop reads at most 24 tensors", () => {
  const inputs = Array.from({ length: 26 }, (_, i) => graph.input(`x${i}`, [8]));
  const sum = inputs.reduce((sum, input) => graph.add(sum, input));
  const sizes = schedule([sum], NATIVE_RULES).map((loop) => loop.kind === "loop" ? loop.members.length : 0);
  // The later loop reads the first one's result and 23 inputs.
  assert.deepEqual(sizes, [2, 23]);
});
