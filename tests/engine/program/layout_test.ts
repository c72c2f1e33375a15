import assert from "node:assert/strict";
import { Graph } from "../../../pipeline/engine/graph/graph.ts";
import type { Value } from "../../../pipeline/engine/graph/value.ts";
import { schedule } from "../../../pipeline/engine/program/fuse.ts";
import {
  NATIVE_LAYOUT,
  NATIVE_RULES,
  writeConstants,
} from "../../../pipeline/engine/native/program/rules.ts";
import { type Layout, layOut } from "../../../pipeline/engine/program/layout.ts";
import { OWN, PARAMETERS } from "../../../pipeline/engine/native/program/loop.ts";
import { separate } from "../../../pipeline/engine/program/storage.ts";

/** The first byte that the program's own memory has for constants and intermediate results. */
const START = 1024;

const graph = new Graph();
const x = graph.input("x", [4, 4]), w = graph.input("w", [4, 4]);
const product = (a: Value, b: Value) => graph.node("MatMul", [a, b], [4, 4]);

/** The layout of what computes the outputs, which lie 4096 bytes apart from byte 65536 on; inputs lie at 0. */
function layoutOf(outputs: Value[], { parts = 1, kept = [] as Value[] } = {}): Layout {
  return layOut(
    schedule([...outputs, ...kept], NATIVE_RULES).map((one) => [one]),
    outputs,
    kept,
    {
      input: (name) =>
        name === "w"
          ? { memory: PARAMETERS, address: 256, stride: 0 }
          : { memory: OWN, address: 0, stride: 64 },
      outputs: outputs.map((_, i) => ({ memory: OWN, address: 65536 + 4096 * i, stride: 2048 })),
    },
    parts,
    START,
    NATIVE_LAYOUT,
  );
}

Deno.test("inputs, parameters and outputs lie where they were put", () => {
  const y = product(x, w);
  const layout = layoutOf([y]);
  assert.deepEqual(layout.placement(x), { memory: OWN, address: 0, stride: 64 });
  assert.deepEqual(layout.placement(w), { memory: PARAMETERS, address: 256, stride: 0 });
  assert.deepEqual(layout.placement(y), { memory: OWN, address: 65536, stride: 2048 });
  assert.equal(layout.bytes, START);
});

// Each result is 64 bytes, read by the next product alone: the first is over when the third is made.
Deno.test("a result takes over the memory of one that nobody reads any more", () => {
  const chain = [1, 2, 3, 4].reduce((results: Value[]) => [...results, product(results.at(-1) ?? x, w)], []);
  const layout = layoutOf([chain[3]!]);
  assert.deepEqual(chain.slice(0, 3).map((value) => layout.placement(value).address), [
    START,
    START + 64,
    START,
  ]);
  assert.equal(layout.bytes, START + 128);
});

Deno.test("what is kept outlives everything else", () => {
  const first = product(x, w), last = product(product(first, w), w);
  const layout = layoutOf([last], { kept: [first] });
  const address = (value: Value) => layout.placement(value).address;
  assert.notEqual(address(first), address(last.operands[0]!));
  assert.equal(layout.bytes, START + 128);
});

Deno.test("each part of the batch has intermediate results of its own", () => {
  const first = product(x, w), layout = layoutOf([product(first, w)], { parts: 2 });
  assert.deepEqual(layout.placement(first), { memory: OWN, address: START, stride: 64 });
  assert.equal(layout.bytes, START + 128);
});

Deno.test("a constant that a loop reads lies before everything else, once for all parts", () => {
  const factors = graph.constant([1, 2, 3, 4], [4], "float32");
  const made = graph.multiply(product(x, w), factors);
  const layout = layoutOf([product(made, w)], { parts: 2 });
  assert.deepEqual(layout.placement(factors), { memory: OWN, address: START, stride: 0 });
  assert.equal(layout.placement(made.operands[0]!).address, START + 64);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  writeConstants(layout, memory);
  assert.deepEqual([...new Float32Array(memory.buffer, START, 4)], [1, 2, 3, 4]);
});

Deno.test("aliases lie within the tensor that they are of", () => {
  const made = product(x, w);
  const [, lower] = graph.split(made, [1, 3], 0);
  const layout = layoutOf([product(graph.reshape(lower!, [4, 3]), graph.input("x", [3, 4]))]);
  assert.equal(layout.placement(lower!).address, layout.placement(made).address + 16);
});

Deno.test("pieces of a concatenation are computed where they are wanted in it", () => {
  const concatenation = graph.concat([product(x, w), product(w, x)], 0);
  const { outputs: [output] } = separate(graph, [concatenation], [], NATIVE_RULES);
  const layout = layoutOf([output!]);
  assert.deepEqual(output!.operands.map((piece) => layout.placement(piece)), [
    { memory: OWN, address: 65536, stride: 2048 },
    { memory: OWN, address: 65536 + 64, stride: 2048 },
  ]);
});

Deno.test("tensors of whole pages are staggered by three cache lines", () => {
  const wide = graph.input("x", [4, 256]); // 4096 bytes
  const a = graph.node("MatMul", [w, wide], [4, 256]), b = graph.node("MatMul", [x, wide], [4, 256]);
  const layout = layoutOf([graph.node("MatMul", [a, graph.transpose(b, [1, 0])], [4, 4])]);
  const addresses = [a, b].map((value) => layout.placement(value).address).sort((p, q) => p - q);
  assert.equal(addresses[1]! - addresses[0]!, 4096 + 192);
});

Deno.test("no two tensors that live at once overlap, whatever their sizes", () => {
  const sizes = [3, 40, 7, 100, 1, 64, 29, 5];
  const input = (size: number) => graph.input("x", [size, size]);
  const results: Value[] = [];
  for (const [i, size] of sizes.entries()) {
    const other = results[i - 3] ?? input(size); // reads what was made three steps before
    const column = graph.node("MatMul", [input(size), other], [size, other.shape[1]!]);
    results.push(column);
  }
  const instructions = schedule(results.slice(-3), NATIVE_RULES);
  const layout = layoutOf(results.slice(-3));
  const position = (value: Value) => instructions.findIndex((i) => i.kind === "call" && i.value === value);
  const lives = results.slice(0, -3).map((value, i) => {
    const { address } = layout.placement(value);
    return {
      from: address,
      to: address + 4 * value.shape[0]! * value.shape[1]!,
      first: position(value),
      last: position(results[i + 3]!),
    };
  });
  for (const [i, a] of lives.entries()) {
    for (const b of lives.slice(i + 1)) {
      const atOnce = a.first <= b.last && b.first <= a.last;
      assert.ok(!atOnce || a.to <= b.from || b.to <= a.from);
    }
  }
});
