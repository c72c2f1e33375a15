import assert from "node:assert/strict";
import { sampleBinary } from "../../../pipeline/vae/sample_binary.ts";
import { binariseExample, storesIntensities } from "../../../pipeline/kinds/images/binarise.ts";
import { randomStream } from "../../../pipeline/base/random.ts";

const PIXELS = Uint8Array.of(0, 1, 127, 128, 254, 255);

Deno.test("binarisation: none and dynamic keep intensities, threshold cuts above one half", () => {
  for (const kind of ["none", "dynamic"] as const) {
    assert.deepEqual(binariseExample(PIXELS, 255, kind, 1, "train", 0), PIXELS);
    assert.equal(storesIntensities(kind), true);
  }
  // 127 / 255 < 1/2 < 128 / 255
  assert.deepEqual(binariseExample(PIXELS, 255, "threshold", 1, "train", 0), Uint8Array.of(0, 0, 0, 1, 1, 1));
  assert.equal(storesIntensities("threshold"), false);
  assert.deepEqual(
    binariseExample(Float32Array.of(0.25, 0.5, 0.75), 1, "threshold", 1, "own", 0),
    Uint8Array.of(0, 0, 1),
  );
});

/** The mean of n draws of probability p is within 5 standard errors of p. */
function assertMean(ones: number, n: number, p: number): void {
  assert.ok(Math.abs(ones / n - p) <= 5 * Math.sqrt(p * (1 - p) / n), `${ones} of ${n} at p = ${p}`);
}

Deno.test("binarisation: a static sample is 1 with the pixel's intensity as probability, and stays the same", () => {
  const ones = new Uint32Array(PIXELS.length);
  for (let position = 0; position < 4000; position++) {
    const sample = binariseExample(PIXELS, 255, "static", 7, "train", position);
    assert.deepEqual(binariseExample(PIXELS, 255, "static", 7, "train", position), sample);
    for (const [i, value] of sample.entries()) ones[i]! += value;
  }
  for (const [i, pixel] of PIXELS.entries()) assertMean(ones[i]!, 4000, pixel / 255);
});

Deno.test("binarisation: static samples differ between seeds, files and positions", () => {
  const grey = new Uint8Array(784).fill(128);
  const samples = [
    binariseExample(grey, 255, "static", 1, "train", 0),
    binariseExample(grey, 255, "static", 2, "train", 0),
    binariseExample(grey, 255, "static", 1, "test", 0),
    binariseExample(grey, 255, "static", 1, "train", 1),
  ];
  assert.equal(new Set(samples.map(String)).size, 4);
});

Deno.test("binarisation: dynamic samples are 0 or 1 with the intensity as probability", () => {
  for (const p of [0, 0.1, 0.5, 0.9, 1]) {
    const values = sampleBinary(new Float32Array(20_000).fill(p), randomStream(3, "test", p * 10));
    assert.ok(values.every((value) => value === 0 || value === 1));
    assertMean(values.reduce((a, b) => a + b, 0), values.length, Math.fround(p));
  }
});
