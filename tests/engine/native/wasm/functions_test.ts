import assert from "node:assert/strict";
import type { Unary } from "../../../../pipeline/engine/graph/operations.ts";
import { loopFunction, OWN } from "../../../../pipeline/engine/native/program/loop.ts";
import { assemble } from "../../../../pipeline/engine/native/wasm/assembler.ts";
import { randomStream } from "../../../../pipeline/base/random.ts";

const SIZE = 4099; // not a multiple of four: the last entries go one by one

/** The elementwise operator, applied to an array by the code that the engine generates. */
function generated(op: Unary): (x: Float32Array) => Float32Array {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const whole = {
    sides: [SIZE],
    operands: [{ memory: OWN, strides: [1] }],
    steps: [{ op, entries: [{ operand: 0 }], attributes: {} }],
    results: [{ memory: OWN, strides: [1], entry: { step: 0 }, kind: "entries", size: SIZE }],
  } as const;
  const module = new WebAssembly.Module(assemble([loopFunction("f", whole)], [memory]));
  const { f } = new WebAssembly.Instance(module, { memory: { 0: memory } }).exports;
  const values = new Float32Array(memory.buffer, 0, SIZE);
  return (x) => {
    values.fill(0);
    values.set(x);
    (f as (from: number, to: number) => void)(0, 0);
    return values.slice(0, x.length);
  };
}

/** Functions in doubles, and how many units in the last place those of the engine may be off. */
const FUNCTIONS: readonly [op: Unary, exact: (x: number) => number, ulps: number][] = [
  ["Exp", Math.exp, 1],
  ["Log", Math.log, 1],
  ["Sigmoid", (x) => 1 / (1 + Math.exp(-x)), 3],
  ["Softplus", (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), 4],
  ["Tanh", Math.tanh, 7],
];

for (const [op, exact, ulps] of FUNCTIONS) {
  Deno.test(`${op} is within ${ulps} units in the last place from denormal to large arguments`, () => {
    const f = generated(op), random = randomStream(1, op);
    for (const range of [1e-30, 1e-3, 0.5, 3, 20, 85]) {
      const u = random.fillUniform(new Float32Array(SIZE));
      const x = op === "Log"
        ? u.map((v) => Math.exp((2 * v - 1) * range))
        : u.map((v) => (2 * v - 1) * range);
      f(x).forEach((y, i) => {
        const wanted = exact(x[i]!);
        // A unit in the last place of the wanted value; below 2^-126 floats lie no closer.
        const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(wanted) || 1e-45)), -126) - 23);
        assert.ok(Math.abs(y - wanted) <= ulps * unit, `${op}(${x[i]}) is ${y}, not ${wanted}`);
      });
    }
  });
}

Deno.test("elementary functions keep NaN and have their limits", () => {
  const [exp, log, sigmoid, softplus, tanh] = FUNCTIONS.map(([op]) => generated(op));
  const at = (f: (x: Float32Array) => Float32Array, ...x: number[]) => [...f(Float32Array.from(x))];
  assert.deepEqual(at(exp!, 0, 100, -200, Infinity, -Infinity, NaN), [1, Infinity, 0, Infinity, 0, NaN]);
  assert.deepEqual(at(log!, 1, 0, -1, Infinity, -Infinity, NaN), [0, -Infinity, NaN, Infinity, NaN, NaN]);
  assert.deepEqual(at(sigmoid!, 0, 200, -200, Infinity, -Infinity, NaN), [
    0.5,
    1,
    at(sigmoid!, -200)[0],
    1,
    at(sigmoid!, -200)[0],
    NaN,
  ]);
  assert.ok(at(sigmoid!, -200)[0]! < 1e-37);
  assert.deepEqual(at(tanh!, 0, 50, -50, Infinity, NaN), [0, 1, -1, 1, NaN]);
  assert.deepEqual(at(softplus!, 200, Infinity, NaN), [200, Infinity, NaN]);
  assert.ok(at(softplus!, -200)[0]! < 1e-37);
});
