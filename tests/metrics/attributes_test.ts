import assert from "node:assert/strict";
import { attributeVector, ink, meanRow, moved, slant } from "../../pipeline/metrics/attributes.ts";

/** A stroke of one pixel in each of 9 rows of 21, which moves by `shear` columns to the right from row to row upwards. */
function stroke(shear: number): Float32Array {
  const picture = new Float32Array(9 * 21);
  for (let row = 0; row < 9; row++) picture[row * 21 + 10 + shear * (4 - row)] = 1;
  return picture;
}

Deno.test("a sheared stroke has the slant that it was drawn with, whatever its brightness", () => {
  for (const shear of [-2, -1, 0, 1, 2]) {
    assert(Math.abs(slant(stroke(shear), 21) - shear) < 1e-9);
    assert(Math.abs(slant(stroke(shear).map((value) => value / 2), 21) - shear) < 1e-6);
  }
  assert.equal(slant(new Float32Array(9 * 21), 21), 0);
  assert.equal(ink(stroke(1)), 9);
});

Deno.test("a vector leads from the codes with least of an attribute to those with most", () => {
  // Codes on a line: the attribute is a half of the first coordinate, the second has nothing to do with it.
  const codes = Float32Array.from({ length: 16 }, (_, i) => i % 2 ? (i % 4 === 1 ? 3 : -3) : i / 2);
  const values = Float64Array.from({ length: 8 }, (_, i) => i / 2);
  const { direction, gap } = attributeVector(codes, 2, values);
  assert.deepEqual([...direction], [6, 0]);
  assert.equal(gap, 3);
  assert.deepEqual([...moved(new Float32Array([1, 1]), direction, 0.5)], [4, 1]);
  assert.deepEqual([...meanRow(codes, 2, [0, 1])], [0.5, 0]);
});
