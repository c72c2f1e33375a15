import assert from "node:assert/strict";
import { type BySeed, difference, seedsToTell } from "../../pipeline/metrics/pairwise.ts";
import { assertNear } from "../support/assert_near.ts";

const near = (actual: number, expected: number, relative: number) =>
  assertNear(actual, expected, { relative });

/** Values of seeds from `first` on. */
function seeds(first: number, ...values: number[]): BySeed {
  return new Map(values.map((value, i) => [first + i, value]));
}

Deno.test("groups without a common seed are compared by Welch's test, with SciPy's p-value", () => {
  const a = seeds(1, 101.2, 101.9, 100.8);
  const b = seeds(7, 98.3, 99.6, 98.1, 98.9);
  near(difference(a, b)!.p, 0.0028669101834684803, 1e-10);
  near(difference(b, a)!.p, 0.0028669101834684803, 1e-10);
  assert.equal(difference(a, b)!.isPaired, false);
});

Deno.test("groups with the same seeds are compared seed by seed, with the p-value of SciPy's ttest_rel", () => {
  const a = seeds(1, 101.2, 101.9, 100.8, 102.5);
  const b = seeds(1, 100.1, 101.2, 100.9, 101.0);
  const { p, isPaired, mean } = difference(a, b)!;
  near(p, 0.10102300494984567, 1e-10);
  assert.ok(isPaired);
  near(mean, 0.8, 1e-12);
  near(difference(new Map([...a].reverse()), b)!.p, p, 1e-12);
  // One seed of b is not there: the three that both have.
  near(difference(seeds(1, 101.2, 101.9, 100.8), b)!.p, 0.2494316643298126, 1e-10);
});

Deno.test("where seeds move both groups alike, comparing seed by seed sees what their spread hides", () => {
  const a = seeds(1, 90, 100, 110), b = seeds(1, 91.1, 100.9, 111);
  assert.ok(difference(a, b)!.p < 0.01);
  assert.ok(difference(a, seeds(4, 91.1, 100.9, 111))!.p > 0.8);
});

Deno.test("a single value has no spread, so there is no telling; equal values do not differ", () => {
  assert.equal(difference(seeds(1, 90), seeds(1, 120)), null);
  assert.equal(difference(seeds(1, 90), seeds(1, 120, 121, 122)), null);
  assert.equal(difference(seeds(1, 90, 90), seeds(1, 90, 90))!.p, 1);
  assert.equal(difference(seeds(1, 90, 91), seeds(1, 95, 96))!.p, 0);
});

Deno.test("the seeds that tell are as many as G*Power finds for a paired test at 5 % and a power of 0.8", () => {
  for (const [effect, expected] of [[0.5, 34], [0.8, 15], [1, 10]] as const) {
    assert.equal(seedsToTell({ mean: effect, deviation: 1, isPaired: true, p: 1 }, 0.05), expected);
  }
  // Of two independent groups, an effect of 0.8 of one's deviation takes 26 in each.
  assert.equal(seedsToTell({ mean: -0.8, deviation: Math.SQRT2, isPaired: false, p: 1 }, 0.05), 26);
  assert.equal(seedsToTell({ mean: 0.01, deviation: 1, isPaired: true, p: 1 }, 0.05), null);
});
