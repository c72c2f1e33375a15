import fc from "fast-check";
import { randomStream } from "../../pipeline/base/random.ts";
import { frechetDistance } from "../../pipeline/metrics/frechet.ts";
import type { Matrix } from "../../pipeline/metrics/matrix.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

function features(name: string, rows: number, columns: number): Matrix {
  const data = randomStream(5, name).fillNormal(new Float32Array(rows * columns));
  // Neighbouring features go together, and each has a scale of its own.
  for (let i = data.length - 1; i > 0; i--) data[i] = (data[i]! + 0.7 * data[i - 1]!) * (1 + i % columns);
  return { rows, columns, data };
}

Deno.test("sets that differ by a shift are as far apart as its square, and a set is 0 from itself", () => {
  const a = features("a", 60, 4);
  assertNear(frechetDistance(a, a), 0, { absolute: 1e-6 });
  fc.assert(fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (shift) => {
    const b = { ...a, data: a.data.map((value, i) => i % 4 === 1 ? value + shift : value) };
    assertNear(frechetDistance(a, b), shift ** 2, { absolute: 1e-4 });
  }));
});

Deno.test("sets of one feature are (m1 - m2)² + (s1 - s2)² apart, in either order", () => {
  const [a, b] = [features("one", 50, 1), features("other", 40, 1)];
  const statistics = ({ rows, data }: Matrix) => {
    const mean = data.reduce((sum, value) => sum + value / rows, 0);
    return { mean, deviation: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0)) };
  };
  const [one, other] = [statistics(a), statistics(b)];
  const expected = (one.mean - other.mean) ** 2 + (one.deviation - other.deviation) ** 2;
  assertNear([frechetDistance(a, b), frechetDistance(b, a)], [expected, expected], { relative: 1e-5 });
});

Deno.test("features that are always 0 add nothing, and do not break the roots", () => {
  const [a, b] = [features("a", 30, 2), features("b", 30, 2)];
  const padded = ({ rows, data }: Matrix) => ({
    rows,
    columns: 3,
    data: Float32Array.from(
      { length: rows * 3 },
      (_, i) => i % 3 === 2 ? 0 : data[Math.floor(i / 3) * 2 + i % 3]!,
    ),
  });
  assertNear(frechetDistance(padded(a), padded(b)), frechetDistance(a, b), { relative: 1e-9 });
});

Deno.test({
  name: "the distance is that by SciPy's matrix square root (needs scipy)",
  ignore: !hasPython("numpy", "scipy"),
  fn() {
    const [a, b] = [features("a", 200, 6), features("b", 150, 6)];
    const { stdout } = python([
      "-c",
      `import numpy as np
from scipy import linalg
a = np.array(${JSON.stringify(Array.from(a.data))}).reshape(-1, 6)
b = np.array(${JSON.stringify(Array.from(b.data))}).reshape(-1, 6)
ca, cb = np.cov(a.T, bias=True), np.cov(b.T, bias=True)
print(((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * linalg.sqrtm(ca @ cb).real))`,
    ]);
    assertNear(frechetDistance(a, b), Number(new TextDecoder().decode(stdout)), { relative: 1e-6 });
  },
});
