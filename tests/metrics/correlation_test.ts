import assert from "node:assert/strict";
import { correlation } from "../../pipeline/metrics/correlation.ts";
import { assertNear } from "../support/assert_near.ts";

Deno.test("the correlation of Anscombe's first quartet is the published 0.816, and that of a line is 1 or -1", () => {
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  assertNear([correlation(x, y)!], [0.81642], { absolute: 1e-5 });
  assertNear([correlation(x, x.map((value) => 3 - 2 * value))!], [-1], { absolute: 1e-12 });
  assert.equal(correlation([1, 2, 3], [4, 4, 4]), null);
});
