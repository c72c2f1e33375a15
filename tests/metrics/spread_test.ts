import assert from "node:assert/strict";
import fc from "fast-check";
import { type Spread, spreadOf, standings, welchTest } from "../../pipeline/metrics/spread.ts";
import { studentTail } from "../../pipeline/metrics/student_t.ts";
import { assertNear } from "../support/assert_near.ts";

const near = (actual: number, expected: number, relative: number) =>
  assertNear(actual, expected, { relative });

Deno.test("Student's t has the tails that SciPy computes, and those of the printed tables", () => {
  const scipy: [number, number, number][] = [
    [0.5, 2.5, 0.6576979198697148],
    [3.3, 3.7, 0.03360631665120435],
    [40, 2.2, 0.00034231547656460564],
    [1.1, 60, 0.2757260162774473],
  ];
  for (const [t, degrees, p] of scipy) near(studentTail(t, degrees), p, 1e-12);
  const tables: [number, number, number][] = [
    [12.706, 1, 0.05],
    [4.303, 2, 0.05],
    [2.776, 4, 0.05],
    [31.821, 1, 0.02],
    [2.042, 30, 0.05],
  ];
  for (const [t, degrees, p] of tables) near(studentTail(t, degrees), p, 1e-3);
});

Deno.test("with one degree of freedom Student's t is Cauchy's distribution", () => {
  fc.assert(fc.property(fc.double({ min: 0.001, max: 1000, noNaN: true }), (t) => {
    near(studentTail(t, 1), 1 - 2 / Math.PI * Math.atan(t), 1e-9);
  }));
});

Deno.test("Welch's test gives SciPy's p-value", () => {
  const a = spreadOf([101.2, 101.9, 100.8]);
  const b = spreadOf([98.3, 99.6, 98.1, 98.9]);
  near(welchTest(a, b)!, 0.0028669101834684803, 1e-10);
  near(welchTest(b, a)!, 0.0028669101834684803, 1e-10);
});

Deno.test("a spread is the mean and the deviation with n - 1; a single value has none", () => {
  const { mean, deviation, count } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.equal(mean, 5);
  near(deviation!, Math.sqrt(32 / 7), 1e-15);
  assert.equal(count, 8);
  assert.deepEqual(spreadOf([3]), { mean: 3, deviation: null, count: 1 });
});

const of = (...values: number[]): Spread => spreadOf(values);

Deno.test("a best is marked where it is ahead of all others by more than luck", () => {
  assert.deepEqual(standings([of(90, 90.2, 89.9), of(101, 101.3, 100.8), of(97, 97.1, 97.2)], "lower"), [
    "best",
    null,
    null,
  ]);
  assert.deepEqual(standings([of(0.9, 0.91, 0.92), of(0.7, 0.71, 0.69)], "higher"), ["best", null]);
});

Deno.test("who cannot be told from the best is tied with it", () => {
  assert.deepEqual(standings([of(90, 90.4, 89.8), of(90.1, 90.5, 90.2), of(120, 121, 120.5)], "lower"), [
    "tied",
    "tied",
    null,
  ]);
});

Deno.test("nothing is marked where all may be equal, where there is nobody to beat, or with one seed", () => {
  assert.deepEqual(standings([of(90, 92, 91), of(91, 92, 90.5)], "lower"), [null, null]);
  assert.deepEqual(standings([of(90, 92, 91), null], "lower"), [null, null]);
  assert.deepEqual(standings([of(90), of(120)], "lower"), [null, null]);
});

Deno.test("among groups that differ by luck alone a best is rarely marked", () => {
  // Deterministic normal numbers: sums of twelve uniform ones from a small congruential generator.
  let state = 1;
  const uniform = () => (state = state * 48271 % 2147483647) / 2147483647;
  const normal = () => Array.from({ length: 12 }, uniform).reduce((sum, x) => sum + x, -6);
  const trials = 2000;
  let marked = 0;
  for (let i = 0; i < trials; i++) {
    const groups = Array.from({ length: 4 }, () => of(normal(), normal(), normal()));
    if (standings(groups, "lower").includes("best")) marked++;
  }
  assert.ok(marked / trials <= 0.05, `${marked} of ${trials}`);
});
