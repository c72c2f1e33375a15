import assert from "node:assert/strict";
import { addNoise } from "../../pipeline/vae/input_noise.ts";
import { randomStream } from "../../pipeline/base/random.ts";

Deno.test("noise has the standard deviation asked for, and leaves values in [0, 1]", () => {
  const values = new Float32Array(20_000).fill(0.5);
  const noisy = addNoise(values, 0.1, randomStream(1, "test"), new Float32Array(values.length));
  const mean = noisy.reduce((sum, value) => sum + value / noisy.length, 0);
  const variance = noisy.reduce((sum, value) => sum + (value - mean) ** 2 / noisy.length, 0);
  assert(Math.abs(mean - 0.5) < 0.003);
  assert(Math.abs(Math.sqrt(variance) - 0.1) < 0.002);
  const loud = addNoise(values, 5, randomStream(1, "test"), new Float32Array(values.length));
  assert(loud.every((value) => value >= 0 && value <= 1));
  assert(values.every((value) => value === 0.5));
});
