import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../pipeline/base/random.ts";
import { highFrequencyShare, laplacianVariance } from "../../pipeline/metrics/sharpness.ts";
import { assertNear } from "../support/assert_near.ts";
import { hasPython, python } from "../support/python.ts";

const wave = (height: number, width: number, cycles: number) =>
  Float32Array.from(
    { length: height * width },
    (_, i) => 0.5 + 0.5 * Math.cos(2 * Math.PI * cycles * (i % width)),
  );

Deno.test("a plane wave's Laplacian is as large as its frequency says, and its energy lies at that frequency", () => {
  for (const cycles of [1 / 16, 1 / 8, 3 / 8]) {
    // cos(w (x - 1)) + cos(w (x + 1)) - 2 cos(w x) = 2 (cos w - 1) cos(w x).
    const factor = 2 * (Math.cos(2 * Math.PI * cycles) - 1);
    const inner = Array.from(
      { length: 14 },
      (_, i) => 0.5 * factor * Math.cos(2 * Math.PI * cycles * (i + 1)),
    );
    const mean = inner.reduce((sum, value) => sum + value / 14, 0);
    const expected = inner.reduce((sum, value) => sum + (value - mean) ** 2 / 14, 0);
    const picture = wave(12, 16, cycles);
    assertNear(laplacianVariance(picture, 16), expected, { relative: 1e-5 });
    assertNear(highFrequencyShare(picture, 16), cycles > 0.25 ? 1 : 0, { absolute: 1e-9 });
  }
});

Deno.test("a flat picture has no detail, whatever its shade, and contrast does not change the share", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (shade) => {
    const flat = new Float32Array(35).fill(shade);
    assertNear([laplacianVariance(flat, 5), highFrequencyShare(flat, 5)], [0, 0], { absolute: 1e-12 });
  }));
  const picture = randomStream(3, "noise").fillUniform(new Float32Array(63));
  assertNear(
    highFrequencyShare(picture.map((value) => value / 4 + 0.5), 9),
    highFrequencyShare(picture, 9),
    { relative: 1e-5 },
  );
});

Deno.test({
  name: "SciPy and NumPy measure the same of noise and of a blurred picture (needs scipy)",
  ignore: !hasPython("numpy", "scipy"),
  fn() {
    const noise = Array.from(randomStream(4, "noise").fillUniform(new Float32Array(11 * 8)));
    const { stdout, stderr } = python([
      "-c",
      `import json, numpy as np
from scipy import ndimage
noise = np.array(${JSON.stringify(noise)}).reshape(11, 8)
def measure(p):
    laplacian = ndimage.laplace(p)[1:-1, 1:-1].var()
    energy = np.abs(np.fft.fft2(p)) ** 2
    energy[0, 0] = 0
    radius = np.hypot(np.fft.fftfreq(11)[:, None], np.fft.fftfreq(8)[None, :])
    return [laplacian, energy[radius > 0.25].sum() / energy.sum()]
blurred = ndimage.gaussian_filter(noise, 1)
print(json.dumps([blurred.ravel().tolist(), measure(noise), measure(blurred)]))`,
    ]);
    const [blurred, ...expected] = JSON.parse(
      new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr),
    );
    for (const [i, picture] of [noise, blurred].entries()) {
      const measured = [laplacianVariance(picture, 8), highFrequencyShare(picture, 8)];
      assertNear(measured, expected[i], { relative: 1e-6 });
    }
    assert.ok(laplacianVariance(blurred, 8) < laplacianVariance(noise, 8) / 10);
  },
});
