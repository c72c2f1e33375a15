import assert from "node:assert/strict";
import { classRegion, sampleRegion } from "../../pipeline/metrics/class_region.ts";
import { randomStream } from "../../pipeline/base/random.ts";

const matrix = (columns: number, ...values: number[]) => ({
  rows: values.length / columns,
  columns,
  data: Float32Array.from(values),
});

Deno.test("a class's region has the moments of the mixture of its posteriors", () => {
  const posteriors = {
    mean: matrix(2, 1, 0, 9, 9, 3, 4),
    logVariance: matrix(2, Math.log(2), 0, 0, 0, Math.log(4), 0),
  };
  const { mean, covariance } = classRegion(posteriors, [1, 0, 1], 1)!;
  assert.deepEqual([...mean], [2, 2]);
  // Var = E[variance] + Var[mean]: (2 + 4) / 2 + 1, (1 + 1) / 2 + 4; covariance of the means: 2.
  for (const [i, expected] of [4, 2, 2, 5].entries()) assert.ok(Math.abs(covariance[i]! - expected) < 1e-6);
  assert.equal(classRegion(posteriors, [1, 0, 1], 2), undefined);
});

Deno.test("codes drawn from a region have its mean and covariance", () => {
  const region = { mean: Float64Array.of(1, -2), covariance: Float64Array.of(4, 1.5, 1.5, 1) };
  const n = 40_000;
  const codes = sampleRegion(region, randomStream(1, "test").fillNormal(new Float32Array(2 * n)));
  const mean = [0, 1].map((j) => codes.reduce((sum, z, i) => sum + (i % 2 === j ? z / n : 0), 0));
  assert.ok(Math.abs(mean[0]! - 1) < 0.05 && Math.abs(mean[1]! + 2) < 0.03);
  const moment = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (codes[2 * i + a]! - mean[a]!) * (codes[2 * i + b]! - mean[b]!) / n;
    return sum;
  };
  assert.ok(Math.abs(moment(0, 0) - 4) < 0.12);
  assert.ok(Math.abs(moment(0, 1) - 1.5) < 0.06);
  assert.ok(Math.abs(moment(1, 1) - 1) < 0.03);
});
