import assert from "node:assert/strict";
import { Graph } from "../../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../../pipeline/engine/graph/value.ts";
import { Assembly } from "../../../../pipeline/engine/native/program/assembly.ts";
import { NATIVE_RULES } from "../../../../pipeline/engine/native/program/rules.ts";
import { schedule } from "../../../../pipeline/engine/program/fuse.ts";
import type { Layout } from "../../../../pipeline/engine/program/layout.ts";
import { type Loop, OWN } from "../../../../pipeline/engine/native/program/loop.ts";
import { lower } from "../../../../pipeline/engine/native/program/lower.ts";
import { ownerOf } from "../../../../pipeline/engine/program/storage.ts";

const graph = new Graph();
const x = graph.input("x", [2, 3, 4]), row = graph.input("row", [4]), column = graph.input("column", [3, 1]);

/** The one loop that computes the outputs, and the addresses of its operands and results. */
function lowered(outputs: Value[], addresses: ReadonlyMap<Value, number>, parts = 1) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const assembly = new Assembly([memory]);
  const loops: Loop[] = [];
  const given: (readonly number[])[] = [];
  assembly.loop = (loop, addresses) => {
    loops.push(loop);
    given.push(addresses);
    return { loop: "", addresses };
  };
  const layout: Layout = {
    placement(value) {
      const { of, offset } = ownerOf(value);
      return { memory: OWN, address: addresses.get(of)! + offset * 4, stride: 1000 };
    },
    bytes: 0,
    constants: [],
  };
  lower(assembly, schedule(outputs, NATIVE_RULES), layout, parts);
  return { loops, addresses: given };
}

const strides = ({ operands, results }: Loop) => [
  operands.map((operand) => operand.strides),
  results.map((result) => result.strides),
];

Deno.test("tensors that are walked through alike become one axis", () => {
  const y = graph.unary("Exp", x);
  const { loops: [loop] } = lowered([y], new Map([[x, 0], [y, 128]]));
  assert.deepEqual(loop!.sides, [24]);
  assert.deepEqual(strides(loop!), [[[1]], [[1]]]);
});

Deno.test("a broadcast operand has strides of 0, and keeps axes apart where it differs", () => {
  const y = graph.add(graph.add(x, row), column);
  const { loops: [loop], addresses } = lowered([y], new Map([[x, 0], [row, 200], [column, 300], [y, 400]]));
  assert.deepEqual(loop!.sides, [2, 3, 4]);
  assert.deepEqual(strides(loop!), [[[12, 4, 1], [0, 0, 1], [0, 1, 0]], [[12, 4, 1]]]);
  assert.deepEqual(addresses, [[0, 200, 300, 400]]);
  assert.deepEqual(loop!.steps.map(({ op, entries }) => [op, entries]), [
    ["Add", [{ operand: 0 }, { operand: 1 }]],
    ["Add", [{ step: 0 }, { operand: 2 }]],
  ]);
});

Deno.test("axes of length 1 are left out", () => {
  const thin = graph.input("thin", [1, 5, 1]), y = graph.unary("Exp", thin);
  const { loops: [loop] } = lowered([y], new Map([[thin, 0], [y, 64]]));
  assert.deepEqual([loop!.sides, ...strides(loop!)], [[5], [[1]], [[1]]]);
  const scalar = graph.input("scalar", []), z = graph.unary("Exp", scalar);
  assert.deepEqual(lowered([z], new Map([[scalar, 0], [z, 64]])).loops[0]!.sides, [1]);
});

Deno.test("a sum has strides of 0 along the axes that it goes over", () => {
  const sum = graph.sum(x, [1]); // [2, 4]
  const { loops: [loop] } = lowered([sum], new Map([[x, 0], [sum, 128]]));
  assert.deepEqual([loop!.sides, ...strides(loop!)], [[2, 3, 4], [[12, 4, 1]], [[4, 0, 1]]]);
  assert.deepEqual(loop!.results.map(({ kind, size }) => [kind, size]), [["sum", 8]]);
});

Deno.test("a strided view is an operand that begins at the view's offset", () => {
  const cut = graph.slice(x, [1, 1, 0], [1, 2, 4]), y = graph.unary("Exp", cut);
  const { loops: [loop], addresses } = lowered([y], new Map([[x, 0], [y, 128]]));
  assert.deepEqual([loop!.sides, ...strides(loop!)], [[8], [[1]], [[1]]]);
  assert.deepEqual(addresses, [[4 * (12 + 4), 128]]);
});

Deno.test("the same tensor read in two orders is two operands", () => {
  const square = graph.input("square", [2, 2, 4]);
  const sum = graph.add(square, graph.transpose(square, [1, 0, 2]));
  const { loops: [loop], addresses } = lowered([sum], new Map([[square, 64], [sum, 256]]));
  assert.deepEqual(strides(loop!), [[[4, 8, 1], [8, 4, 1]], [[8, 4, 1]]]);
  assert.deepEqual(addresses, [[64, 64, 256]]);
});

Deno.test("a frame keeps its offset among the results", () => {
  const framed = graph.pad(x, [[0, 0], [1, 1], [2, 0]]); // [2, 5, 6]
  const { loops: [loop], addresses } = lowered([framed], new Map([[x, 0], [framed, 128]]));
  assert.deepEqual([loop!.sides, ...strides(loop!)], [[2, 3, 4], [[12, 4, 1]], [[30, 6, 1]]]);
  assert.deepEqual(loop!.results.map(({ kind, size, offset }) => [kind, size, offset]), [["framed", 60, 8]]);
  assert.deepEqual(addresses, [[0, 128]]);
});

Deno.test("each part of the batch has the same loop at addresses of its own", () => {
  const y = graph.unary("Exp", x);
  const { loops, addresses } = lowered([y], new Map([[x, 0], [y, 128]]), 2);
  assert.deepEqual(loops[0], loops[1]);
  assert.deepEqual(addresses, [[0, 128], [1000, 1128]]);
});
