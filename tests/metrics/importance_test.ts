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
  const normal = (name: string, count: number) => randomStream(4, name).fillNormal(new Float32Array(count));
  const known = normal("known", 2000).map((value) => 20 * value - 100);
  const extra = normal("extra", 2000);
  const costly = known.map((value, i) => value + 5 + extra[i]!);
  const truth = costly.reduce((sum, value) => sum + value / 2000, 0);
  const errors: number[] = [];
  let stated = 0;
  for (let repetition = 0; repetition < 300; repetition++) {
    const indices = randomStream(4, "choice", repetition).permutation(2000).subarray(0, 50);
    const estimate = differenceEstimate(known, indices, Float64Array.from(indices, (i) => costly[i]!));
    errors.push(estimate.mean - truth);
    stated = estimate.standardError;
  }
  const mean = errors.reduce((sum, error) => sum + error / 300, 0);
  const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2 / 300, 0));
  assert.ok(Math.abs(mean) < 0.03, `${mean}`);
  // Over repeated choices only the difference's part varies, 1 / sqrt(50); a plain mean would err by 20 / sqrt(50).
  assert.ok(Math.abs(deviation / (1 / Math.sqrt(50)) - 1) < 0.15, `${deviation}`);
  assert.ok(Math.abs(stated / Math.hypot(20 / Math.sqrt(2000), 1 / Math.sqrt(50)) - 1) < 0.15, `${stated}`);
  const all = differenceEstimate(known, Uint32Array.from(known, (_, i) => i), costly);
  assert.equal(all.mean, meanAndError(costly).mean);
});
