import assert from "node:assert/strict";
import { plainProduct, rowsAt } from "../../pipeline/metrics/matrix.ts";

const MATRIX = { rows: 3, columns: 2, data: new Float32Array([1, 2, 3, 4, 5, 6]) };

Deno.test("rows are copied in the order that is asked for, and one may come twice", () => {
  const { rows, columns, data } = rowsAt(MATRIX, [2, 0, 2]);
  assert.deepEqual({ rows, columns, data: [...data] }, { rows: 3, columns: 2, data: [5, 6, 1, 2, 5, 6] });
  data[0] = 9;
  assert.equal(MATRIX.data[4], 5);
  assert.deepEqual(
    rowsAt({ columns: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }, Uint32Array.of(1)).data,
    Uint8Array.of(4, 5, 6),
  );
  assert.equal(rowsAt(MATRIX, []).data.length, 0);
});

Deno.test("a row that is not there is an error", () => {
  for (const index of [3, -1, NaN]) assert.throws(() => rowsAt(MATRIX, [index]), /row (3|-1|NaN) of 3/);
});

Deno.test("the product of matrices is that of the definition, whichever is transposed", () => {
  const square = { rows: 2, columns: 2, data: new Float32Array([1, 2, 3, 4]) };
  assert.deepEqual([...plainProduct(MATRIX, square).data], [7, 10, 15, 22, 23, 34]);
  assert.deepEqual([...plainProduct(MATRIX, square, "b").data], [5, 11, 11, 25, 17, 39]);
  assert.deepEqual([...plainProduct(MATRIX, MATRIX, "a").data], [35, 44, 44, 56]);
});
