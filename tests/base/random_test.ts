import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../pipeline/base/random.ts";

Deno.test("a stream gives the numbers of xoshiro128** as its authors publish it", () => {
  // From a Python transcription of the published C code, seeded with the same SHA-256 state.
  const expected = [2904384536, 3576833430, 1712198683, 2838700920, 4117603291, 3035697128];
  const stream = randomStream(7, "noise", 3);
  assert.deepEqual(expected.map(() => stream.uniform() * 2 ** 32), expected);
});

Deno.test("streams with other names, seeds or counters share nothing", () => {
  const first = (seed: number, name: string, ...counters: number[]) =>
    randomStream(seed, name, ...counters).uniform();
  const values = [first(1, "noise"), first(1, "shuffling"), first(2, "noise"), first(1, "noise", 0)];
  assert.equal(new Set(values).size, values.length);
});

Deno.test("normal numbers have the moments of a standard normal distribution", () => {
  const n = 200_000;
  const x = randomStream(1, "moments").fillNormal(new Float32Array(n));
  const moment = (p: number) => x.reduce((sum, v) => sum + v ** p, 0) / n;
  // Four standard errors of each moment's estimate: sqrt(Var(x^p) / n) with Var = 1, 2, 15, 96.
  for (const [p, value, variance] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]] as const) {
    assert.ok(Math.abs(moment(p) - value) < 4 * Math.sqrt(variance / n), `moment ${p} is ${moment(p)}`);
  }
});

Deno.test("uniform numbers fill [0, 1) evenly", () => {
  const n = 100_000;
  const bins = new Array(64).fill(0);
  for (const u of randomStream(1, "bins").fillUniform(new Float32Array(n))) bins[Math.floor(u * 64)]++;
  const chiSquare = bins.reduce((sum, k) => sum + (k - n / 64) ** 2 / (n / 64), 0);
  assert.ok(chiSquare < 104, `chi-square of ${chiSquare} on 63 degrees of freedom has p < 0.001`);
});

Deno.test("a permutation holds every number once", () => {
  fc.assert(fc.property(fc.nat(500), fc.nat(), (length, seed) => {
    const sorted = randomStream(seed, "p").permutation(length).toSorted();
    assert.deepEqual([...sorted], Array.from({ length }, (_, i) => i));
  }));
});

Deno.test("integers stay below their bound, and an impossible bound is refused", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (bound, seed) => {
    const x = randomStream(seed, "i").integer(bound);
    assert.ok(Number.isInteger(x) && x >= 0 && x < bound);
  }));
  assert.throws(() => randomStream(1, "i").integer(0), /bound must be in 1\.\.2\^32/);
});
