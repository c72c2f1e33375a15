import assert from "node:assert/strict";
import { open } from "../../pipeline/engine/native/open.ts";
import { randomStream } from "../../pipeline/base/random.ts";
import { engineProduct } from "../../pipeline/inference/engine_product.ts";
import { type Matrix, plainProduct } from "../../pipeline/metrics/matrix.ts";

function matrix(rows: number, columns: number): Matrix {
  const data = randomStream(1, "matrix", rows).fillNormal(new Float32Array(rows * columns));
  return { rows, columns, data };
}

function assertClose(actual: Matrix, expected: Matrix): void {
  assert.deepEqual([actual.rows, actual.columns], [expected.rows, expected.columns]);
  for (const [i, value] of expected.data.entries()) {
    assert.ok(Math.abs(actual.data[i]! - value) <= 1e-3 * Math.max(1, Math.abs(value)), `${i}: ${value}`);
  }
}

Deno.test("products by the engine are those by definition, of two matrices and of one by itself", async () => {
  const engine = await open();
  try {
    const product = engineProduct(engine);
    const [a, b] = [matrix(5, 3), matrix(4, 3)];
    assertClose(product(a, b, "b"), plainProduct(a, b, "b"));
    assertClose(product(a, a, "a"), plainProduct(a, a, "a"));
    assertClose(product(a, a, "b"), plainProduct(a, a, "b"));
    const copy = { ...a, data: a.data.slice() };
    assert.deepEqual([...product(a, a, "b").data], [...product(a, copy, "b").data], "to the bit");
  } finally {
    engine.dispose();
  }
});

Deno.test("large products in turn give way to each other and stay right", async () => {
  const engine = await open();
  try {
    const product = engineProduct(engine);
    const [a, b] = [matrix(2, 2 ** 22), matrix(3, 2 ** 22)];
    const small = matrix(2, 3);
    const [ab, ba] = [plainProduct(a, b, "b"), plainProduct(b, a, "b")];
    for (let turn = 0; turn < 2; turn++) {
      assertClose(product(a, b, "b"), ab);
      assertClose(product(small, small, "b"), plainProduct(small, small, "b"));
      assertClose(product(b, a, "b"), ba);
      assertClose(product(b, a, "b"), ba);
    }
  } finally {
    engine.dispose();
  }
});
