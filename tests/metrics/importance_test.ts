import assert from "node:assert/strict";
import fc from "fast-check";
import {
  differenceEstimate,
  importanceWeightedBound,
  logMeanExp,
  meanAndError,
  sampleCounts,
} from "../../pipeline/metrics/importance.ts";
import { randomStream } from "../../pipeline/base/random.ts";

const logWeights = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 40 });

Deno.test("logMeanExp is the logarithm of the mean, far outside the range of exp too", () => {
  assert.ok(Math.abs(logMeanExp([Math.log(1), Math.log(2), Math.log(6)]) - Math.log(3)) < 1e-12);
  assert.ok(Math.abs(logMeanExp([-5000, -5000]) + 5000) < 1e-9);
  assert.ok(Math.abs(logMeanExp([5000, -5000]) - (5000 - Math.log(2))) < 1e-9);
  assert.equal(logMeanExp([-Infinity, -Infinity]), -Infinity);
});

Deno.test("the bound of one sample is the mean, and of all samples the whole estimate", () => {
  const values = [-3, -1, -2, -8];
  assert.equal(importanceWeightedBound(values, 1), -3.5);
  assert.equal(importanceWeightedBound(values, 4), logMeanExp(values));
  // Whole groups only: (-3, -1) and (-2, -8), then three of four.
  assert.equal(
    importanceWeightedBound(values, 2),
    (logMeanExp([-3, -1]) + logMeanExp([-2, -8])) / 2,
  );
  assert.equal(importanceWeightedBound(values, 3), logMeanExp([-3, -1, -2]));
});

Deno.test("more samples than there are weights is an error, not a rounding", () => {
  assert.throws(() => importanceWeightedBound([1, 2], 3), /3 samples are wanted and 2 are given/);
});

Deno.test("a bound lies between the mean and the maximum, and moves with the weights", () => {
  fc.assert(fc.property(logWeights, fc.double({ min: -900, max: 900, noNaN: true }), (values, shift) => {
    const bound = importanceWeightedBound(values, values.length);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    assert.ok(bound >= mean - 1e-9 && bound <= Math.max(...values) + 1e-9);
    const moved = importanceWeightedBound(values.map((v) => v + shift), values.length);
    assert.ok(Math.abs(moved - bound - shift) < 1e-9);
  }));
});

Deno.test("the curve's counts are 1, 5, 10, 50, ... and exactly the count asked for", () => {
  assert.deepEqual(sampleCounts(1), [1]);
  assert.deepEqual(sampleCounts(10), [1, 5, 10]);
  assert.deepEqual(sampleCounts(500), [1, 5, 10, 50, 100, 500]);
  assert.deepEqual(sampleCounts(777), [1, 5, 10, 50, 100, 500, 777]);
});

Deno.test("the standard error is that of the mean", () => {
  assert.deepEqual(meanAndError([4]), { mean: 4, standardError: NaN });
  const { mean, standardError } = meanAndError([1, 2, 3, 4]);
  assert.equal(mean, 2.5);
  assert.ok(Math.abs(standardError - Math.sqrt(5 / 3 / 4)) < 1e-12);
});

Deno.test("the difference estimator is unbiased, and its error is the one that repetition shows", () => {
  const normal = (name: string, repetition: number, count: number) =>
    randomStream(4, name, repetition).fillNormal(new Float32Array(count));
  const [members, chosen, repetitions] = [400, 40, 1500];
  // Each member has a value; what is known of it has noise of 4, its control noise of 1, and the costly value is 5
  // more than the value, and more so where that is large.
  const estimates: number[] = [];
  let stated = 0, plain = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const value = normal("values", repetition, members).map((value) => 10 * value - 100);
    const noise = normal("noise", repetition, members);
    const indices = randomStream(4, "choice", repetition).permutation(members).subarray(0, chosen);
    const own = normal("control", repetition, chosen);
    const estimate = differenceEstimate(
      value.map((value, i) => value + 4 * noise[i]!),
      indices,
      Float64Array.from(indices, (i) => 1.2 * value[i]! + 25),
      Float64Array.from(indices, (index, i) => value[index]! + own[i]!),
    );
    estimates.push(estimate.mean + 95);
    stated += estimate.standardError ** 2 / repetitions;
    plain += (4 ** 2 + 12 ** 2) / chosen / repetitions;
  }
  const mean = estimates.reduce((sum, error) => sum + error / repetitions, 0);
  const variance = estimates.reduce((sum, error) => sum + error ** 2 / repetitions, 0);
  assert.ok(Math.abs(mean) < 0.06, `${mean}`);
  // By hand: (100 + 16) / 400 of all, (4 + 1) / 40 of the differences, and 2 * 0.2 * 100 / 400 of both.
  assert.ok(Math.abs(stated / 0.515 - 1) < 0.05, `${stated}`);
  assert.ok(Math.abs(variance / 0.515 - 1) < 0.1, `${variance}`);
  assert.ok(variance < plain / 5, "far below what a plain mean of the chosen would vary by");
});

Deno.test("where the costly value is the control, the estimate is the mean of what is known", () => {
  const known = [1, 2, 4, 9];
  const { mean, standardError } = meanAndError(known);
  assert.deepEqual(differenceEstimate(known, [1, 3], [7, 5], [7, 5]), { mean, standardError });
});
