import assert from "node:assert/strict";
import { spreadOf } from "../../pipeline/metrics/spread.ts";
import { assertNear } from "../support/assert_near.ts";

const near = (actual: number, expected: number, relative: number) =>
  assertNear(actual, expected, { relative });

Deno.test("a spread is the mean and the deviation with n - 1; a single value has none", () => {
  const { mean, deviation, count } = spreadOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.equal(mean, 5);
  near(deviation!, Math.sqrt(32 / 7), 1e-15);
  assert.equal(count, 8);
  assert.deepEqual(spreadOf([3]), { mean: 3, deviation: null, count: 1 });
});
