import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { measure } from "../../../pipeline/figures/linear_subspace/study.ts";
import type { StudyContext } from "../../../pipeline/figures/study.ts";
import { plainProduct } from "../../../pipeline/metrics/matrix.ts";

Deno.test("halves are of both kinds where the examples are sorted by kind", () => {
  // The kinds are 10 apart along the first axis, and differ among themselves along the second or the third.
  const rows = 200, columns = 3;
  const noise = randomStream(1, "test").fillNormal(new Float32Array(rows));
  const data = new Float32Array(rows * columns);
  noise.forEach((value, i) => {
    const kind = i < rows / 2 ? 0 : 1;
    data[i * columns] = 10 * kind;
    data[i * columns + 1 + kind] = value;
  });
  const features = { rows, columns, data };
  const context = {
    seed: 1,
    latentSize: 1,
    reference: { features, codes: { rows, columns: 1, data: noise } },
    product: plainProduct,
    decode: () => data,
  } as unknown as StudyContext;
  const { halvesAngles } = measure(context).metrics;
  // Halves in the order of the examples would have the second and the third axis, 90 degrees apart.
  assert.ok(halvesAngles[0]! < 5, `${halvesAngles}`);
});
