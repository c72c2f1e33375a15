import assert from "node:assert/strict";
import fc from "fast-check";
import { gather, type Part } from "../../pipeline/artifacts/dataset.ts";

function part(examples: number, size: number, scale: number): Part {
  const images = Uint8Array.from({ length: examples * size }, (_, i) => (i * 89) % 256);
  return { images, labels: new Uint8Array(examples), examples, size, scale };
}

Deno.test("gather: examples come in the order of the indices, scaled and rounded to float32", () => {
  const sizes = fc.record({
    examples: fc.integer({ min: 1, max: 20 }),
    size: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(fc.property(sizes, fc.array(fc.nat(19)), fc.constantFrom(1, 1 / 255), (shape, wanted, scale) => {
    const source = part(shape.examples, shape.size, scale);
    const indices = wanted.map((i) => i % shape.examples);
    const expected = indices.flatMap((i) =>
      Array.from(
        source.images.slice(i * shape.size, (i + 1) * shape.size),
        (byte) => Math.fround(byte * scale),
      )
    );
    const out = gather(source, indices, new Float32Array(indices.length * shape.size));
    assert.deepEqual([...out], expected);
  }));
});

Deno.test("gather: an index outside the part and a batch of another size are errors", () => {
  const source = part(3, 4, 1);
  for (const index of [3, -1, NaN]) {
    assert.throws(() => gather(source, [index], new Float32Array(4)), RangeError);
  }
  assert.throws(() => gather(source, [0], new Float32Array(8)), /1 examples of 4 values are not 8/);
});
