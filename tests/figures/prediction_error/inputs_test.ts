import assert from "node:assert/strict";
import fc from "fast-check";
import {
  inkiestSquare,
  INPUTS,
  madeOf,
  placesIn,
} from "../../../pipeline/figures/prediction_error/inputs.ts";

const sorted = (values: Float32Array) => [...values].sort((a, b) => a - b);

Deno.test("the gap is where the most ink is, inside the picture; of several such places the uppermost", () => {
  const picture = new Float32Array(8 * 12);
  for (const at of [3 * 12 + 10, 3 * 12 + 11, 4 * 12 + 10, 4 * 12 + 11]) picture[at] = 1;
  assert.deepEqual(inkiestSquare(picture, [8, 12]), { top: 3, left: 10, side: 2 });
  assert.deepEqual(inkiestSquare(new Float32Array(8 * 12), [8, 12]), { top: 0, left: 0, side: 2 });
  assert.deepEqual(placesIn({ top: 3, left: 10, side: 2 }, [8, 12]), [46, 47, 58, 59]);
  assert.deepEqual(placesIn({ top: 1, left: 1, side: 1 }, [2, 2, 3]), [9, 10, 11], "all channels");
});

Deno.test("inputs keep what they say they keep: all but the gap, the turned picture, each pixel's colour", () => {
  const shapes = fc.tuple(
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(1, 3),
  );
  fc.assert(fc.property(shapes, fc.integer({ min: 0, max: 99 }), (shape, seed) => {
    const size = shape[0] * shape[1] * shape[2];
    const pictures = Float32Array.from({ length: 2 * size }, (_, i) => ((i * 7 + seed) % 13 + 1) / 16);
    const each = [0, 1].map((i) => pictures.subarray(i * size, (i + 1) * size));
    const gaps = each.map((picture) => inkiestSquare(picture, shape));
    const made = madeOf(pictures, shape, gaps, seed);
    assert.deepEqual(Object.keys(made), [...INPUTS]);
    assert.equal(made.intact, pictures);
    each.forEach((picture, p) => {
      const of = (name: typeof INPUTS[number]) => made[name].subarray(p * size, (p + 1) * size);
      const hidden = new Set(placesIn(gaps[p]!, shape));
      assert.deepEqual([...of("part missing")], [...picture].map((value, i) => hidden.has(i) ? 0 : value));
      for (const name of ["upside down", "shuffled"] as const) {
        for (let channel = 0; channel < shape[2]; channel++) {
          const plane = (values: Float32Array) => values.filter((_, i) => i % shape[2] === channel);
          assert.deepEqual(sorted(plane(of(name))), sorted(plane(picture)), name);
        }
      }
      assert.deepEqual([...of("upside down").slice(0, shape[2])], [...picture.slice(size - shape[2])]);
      assert(of("noise").every((value) => value >= 0 && value < 1));
    });
  }));
});

Deno.test("the same seed shuffles alike, picture by picture", () => {
  const pictures = Float32Array.from({ length: 2 * 36 }, (_, i) => i % 36);
  const gaps = [0, 1].map(() => ({ top: 0, left: 0, side: 1 }));
  const shuffled = (seed: number) => madeOf(pictures, [6, 6], gaps, seed).shuffled;
  assert.deepEqual(shuffled(1), shuffled(1));
  assert.notDeepEqual(shuffled(1), shuffled(2));
  assert.notDeepEqual(shuffled(1).slice(0, 36), shuffled(1).slice(36));
});
