import assert from "node:assert/strict";
import { type Loop, loopFunction, OWN } from "../../../../pipeline/engine/native/program/loop.ts";
import { assemble } from "../../../../pipeline/engine/native/wasm/assembler.ts";

/** Runs the loop over operands and results that lie one behind the other; returns the results. */
function run(loop: Loop, operands: readonly number[][], results: readonly number[][]): number[][] {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const module = new WebAssembly.Module(assemble([loopFunction("loop", loop)], [memory]));
  const { loop: call } = new WebAssembly.Instance(module, { memory: { 0: memory } }).exports;
  let end = 0;
  const views = [...operands, ...results].map((entries) => {
    const view = new Float32Array(memory.buffer, end, entries.length);
    view.set(entries);
    end += 64 * Math.ceil(entries.length / 16 + 1);
    return view;
  });
  (call as (...addresses: number[]) => void)(...views.map(({ byteOffset }) => byteOffset));
  return views.slice(operands.length).map((view) => [...view]);
}

const tensor = (...strides: number[]) => ({ memory: OWN, strides } as const);
const count = (length: number, from = 1) => Array.from({ length }, (_, i) => from + i);
const first = { operand: 0 } as const, second = { operand: 1 } as const;
const SUM = [{ op: "Add", entries: [first, second], attributes: {} }] as const;

Deno.test("a loop computes entry by entry, also where they are not a multiple of four", () => {
  for (const length of [1, 3, 4, 5, 8, 11]) {
    const loop: Loop = {
      sides: [length],
      operands: [tensor(1), tensor(1)],
      steps: SUM,
      results: [{ ...tensor(1), entry: { step: 0 }, kind: "entries", size: length }],
    };
    const [sums, behind] = run(loop, [count(length), count(length, 100)], [Array(length).fill(-1), [7, 7]]);
    assert.deepEqual(sums, count(length).map((value) => 2 * value + 99));
    assert.deepEqual(behind, [7, 7]);
  }
});

Deno.test("a stride of 0 repeats an operand along an axis", () => {
  const loop: Loop = {
    sides: [2, 5],
    operands: [tensor(0, 1), tensor(1, 0)], // a row and a column
    steps: SUM,
    results: [{ ...tensor(5, 1), entry: { step: 0 }, kind: "entries", size: 10 }],
  };
  assert.deepEqual(run(loop, [count(5), [10, 20]], [Array(10).fill(0)]), [[
    ...[11, 12, 13, 14, 15],
    ...[21, 22, 23, 24, 25],
  ]]);
});

Deno.test("rows are read in the order that the strides say", () => {
  const loop: Loop = {
    sides: [2, 3, 2],
    operands: [tensor(2, 4, 1)], // [3, 2, 2] with the first two axes exchanged
    steps: [],
    results: [{ ...tensor(6, 2, 1), entry: first, kind: "entries", size: 12 }],
  };
  assert.deepEqual(run(loop, [count(12)], [Array(12).fill(0)]), [[1, 2, 5, 6, 9, 10, 3, 4, 7, 8, 11, 12]]);
});

Deno.test("a loop stores several results, constants and operands among them", () => {
  const loop: Loop = {
    sides: [6],
    operands: [tensor(1)],
    steps: [{ op: "Mul", entries: [first, { number: 0.5 }], attributes: {} }],
    results: [
      { ...tensor(1), entry: { step: 0 }, kind: "entries", size: 6 },
      { ...tensor(1), entry: first, kind: "entries", size: 6 },
      { ...tensor(1), entry: { number: 3 }, kind: "entries", size: 6 },
    ],
  };
  const empty = Array(6).fill(0);
  assert.deepEqual(run(loop, [count(6)], [empty, empty, empty]), [
    [0.5, 1, 1.5, 2, 2.5, 3],
    count(6),
    Array(6).fill(3),
  ]);
});

// A matrix of 3 x 5 with the entries 1 to 15.
const summed = (strides: number[], size: number, kind: "sum" | "running sum"): Loop => ({
  sides: [3, 5],
  operands: [tensor(5, 1)],
  steps: [],
  results: [{ ...tensor(...strides), entry: first, kind, size }],
});

Deno.test("a loop sums over rows, columns or all, and clears what lay there", () => {
  assert.deepEqual(run(summed([1, 0], 3, "sum"), [count(15)], [[9, 9, 9]]), [[15, 40, 65]]);
  assert.deepEqual(run(summed([0, 1], 5, "sum"), [count(15)], [[9, 9, 9, 9, 9]]), [[18, 21, 24, 27, 30]]);
  assert.deepEqual(run(summed([0, 0], 1, "sum"), [count(15)], [[9]]), [[120]]);
});

Deno.test("a running sum is added to what lies there", () => {
  assert.deepEqual(run(summed([0, 0], 1, "running sum"), [count(15)], [[1000]]), [[1120]]);
});

Deno.test("a sum along a row does not lose what floats would", () => {
  const length = 2 ** 12;
  const loop: Loop = {
    sides: [length],
    operands: [tensor(1)],
    steps: [],
    results: [{ ...tensor(0), entry: first, kind: "sum", size: 1 }],
  };
  // 2^24 + 1 is no float: added one by one in floats, the ones would vanish.
  assert.deepEqual(run(loop, [[2 ** 24, ...Array(length - 1).fill(1)]], [[0]]), [[2 ** 24 + length]]);
});

Deno.test("entries in a frame of zeros begin at the frame's offset", () => {
  const loop: Loop = {
    sides: [2, 3],
    operands: [tensor(3, 1)],
    steps: [],
    results: [{ ...tensor(5, 1), entry: first, kind: "framed", size: 20, offset: 6 }],
  };
  assert.deepEqual(run(loop, [count(6)], [Array(20).fill(9)]), [[
    ...[0, 0, 0, 0, 0],
    ...[0, 1, 2, 3, 0],
    ...[0, 4, 5, 6, 0],
    ...[0, 0, 0, 0, 0],
  ]]);
});

Deno.test("small numbers are flushed, NaN and the bound itself are not", () => {
  const loop: Loop = {
    sides: [5],
    operands: [tensor(1)],
    steps: [{ op: "Flush", entries: [first, { number: 0.5 }], attributes: {} }],
    results: [{ ...tensor(1), entry: { step: 0 }, kind: "entries", size: 5 }],
  };
  assert.deepEqual(run(loop, [[0.25, -0.25, 0.5, -2, NaN]], [Array(5).fill(9)]), [[0, 0, 0.5, -2, NaN]]);
});
