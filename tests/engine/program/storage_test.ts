import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { NATIVE_RULES, spelt } from "../../../pipeline/engine/native/program/rules.ts";
import { aliasOf, isAssembled, ownerOf, separate } from "../../../pipeline/engine/program/storage.ts";
import { show } from "../graphs.ts";

const graph = new Graph();
const x = graph.input("x", [4, 6]), y = graph.input("y", [4, 6]);
const exp = graph.unary("Exp", x), tanh = graph.unary("Tanh", y);

Deno.test("a reshape lies where its operand lies", () => {
  assert.deepEqual(aliasOf(graph.reshape(exp, [24])), { of: exp, offset: 0 });
});

Deno.test("pieces along the first axis lie in the tensor that is split, one behind the other", () => {
  const pieces = graph.split(exp, [1, 2, 1], 0);
  assert.deepEqual(pieces.map(aliasOf), [0, 6, 18].map((offset) => ({ of: exp, offset })));
  assert.equal(aliasOf(graph.split(exp, [2, 4], 1)[0]!), undefined);
});

Deno.test("a slice of whole rows lies in its tensor; one of columns, or of every second row, does not", () => {
  assert.deepEqual(aliasOf(graph.slice(exp, [1, 0], [2, 6])), { of: exp, offset: 6 });
  assert.equal(aliasOf(graph.slice(exp, [0, 1], [4, 5])), undefined);
  assert.equal(aliasOf(graph.slice(exp, [0, 0], [2, 6], [2, 1])), undefined);
});

Deno.test("axes of length 1 before the one that is cut do not matter", () => {
  const row = graph.reshape(exp, [1, 4, 6]);
  const [, second] = graph.split(row, [3, 1], 1);
  assert.deepEqual(ownerOf(second!), { of: exp, offset: 18 });
});

Deno.test("an alias of an alias is one of the tensor that owns the memory", () => {
  const [, lower] = graph.split(exp, [2, 2], 0);
  const row = graph.slice(lower!, [1, 0], [1, 6]);
  assert.deepEqual(ownerOf(graph.reshape(row, [2, 3])), { of: exp, offset: 18 });
  assert.deepEqual(ownerOf(exp), { of: exp, offset: 0 });
});

Deno.test("a concatenation along the first axis is its pieces in their order; along another it is not", () => {
  assert.equal(isAssembled(graph.concat([exp, tanh], 0)), true);
  assert.equal(isAssembled(graph.concat([exp, tanh], 1)), false);
});

const separated = (outputs: Value[], kept: Value[] = []) => {
  const result = separate(
    graph,
    outputs,
    kept,
    NATIVE_RULES,
    (value, rebuilt) => spelt(graph, value, rebuilt),
  );
  return { outputs: result.outputs.map(show), kept: result.kept.map(show) };
};

Deno.test("what can be computed right where it is wanted is not copied", () => {
  assert.deepEqual(separated([graph.concat([exp, tanh], 0)]).outputs, ["Concat{axis:0}(Exp(x), Tanh(y))"]);
});

Deno.test("what is wanted in two places is computed in one and copied to the other", () => {
  assert.deepEqual(separated([exp, graph.concat([exp, tanh], 0)]).outputs, [
    "Identity(Exp(x))",
    "Concat{axis:0}(Exp(x), Tanh(y))",
  ]);
});

Deno.test("inputs, constants and parts of something are copied to where they are wanted", () => {
  const [upper] = graph.split(exp, [2, 2], 0);
  assert.deepEqual(separated([x, graph.fill(2, [3]), upper!]).outputs, [
    "Identity(x)",
    "Identity(2)",
    "Identity(Output{index:0}(Split{axis:0}(Exp(x), [2,2])))",
  ]);
});

Deno.test("what is only kept may lie anywhere", () => {
  assert.deepEqual(separated([exp], [exp, x]).kept, ["Exp(x)", "x"]);
});

Deno.test("pieces that do not lie in their tensor become slices, and views that no loop can read gathers", () => {
  assert.deepEqual(separated([graph.split(exp, [2, 4], 1)[1]!]).outputs, ["Slice(Exp(x), [2], [6], [1])"]);
  const everySecond = graph.strided(exp, [4, 3], [6, 2], 0);
  assert.deepEqual(separated([everySecond]).outputs, [
    "Reshape(Gather{axis:1}(Reshape(Exp(x), [4,6,1]), [0,2,4]), [4,3])",
  ]);
});
