import assert from "node:assert/strict";
import fc from "fast-check";
import { normalQuantile } from "../../pipeline/metrics/normal.ts";

Deno.test("normal quantiles are those of published tables", () => {
  // Abramowitz and Stegun, 1964, tables 26.5 and 26.6.
  const table = [[0.5, 0], [0.9, 1.28155157], [0.95, 1.64485363], [0.975, 1.95996398], [0.999, 3.09023231]];
  for (const [p, z] of table) {
    assert.ok(Math.abs(normalQuantile(p!) - z!) < 1e-6, `${p}`);
    assert.ok(Math.abs(normalQuantile(1 - p!) + z!) < 1e-6, `${1 - p!}`);
  }
  assert.ok(Math.abs(normalQuantile(1e-12) + 7.0344838) < 1e-5);
});

Deno.test("normal quantiles rise with p", () => {
  const probability = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true });
  fc.assert(fc.property(probability, probability, (a, b) => {
    fc.pre(Math.abs(a - b) > 1e-6);
    assert.equal(normalQuantile(a) < normalQuantile(b), a < b);
  }));
});

Deno.test("a quantile of no probability is an error", () => {
  for (const p of [0, 1, -1, NaN]) assert.throws(() => normalQuantile(p), RangeError);
});
