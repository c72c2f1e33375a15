import assert from "node:assert/strict";
import fc from "fast-check";
import { studentQuantile, studentTail } from "../../pipeline/metrics/student_t.ts";
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

Deno.test("Student's t has the quantiles that SciPy computes, on both sides of 0", () => {
  const scipy: [number, number, number][] = [
    [0.975, 2.5, 3.5746548420036817],
    [0.8, 33, 0.8526494236479887],
    [0.9995, 1, 636.6192487687897],
    [0.05, 7, -1.8945786050900066],
  ];
  for (const [share, degrees, t] of scipy) near(studentQuantile(share, degrees), t, 1e-9);
  assert.ok(Math.abs(studentQuantile(0.5, 3)) < 1e-9);
  assert.throws(() => studentQuantile(1, 3), /1 is no share/);
});
