import type { RandomStream } from "../base/random.ts";

/** Writes values in [0, 1] with Gaussian noise to `out`, clipped to [0, 1], so that a noisy picture is a picture. */
export function addNoise(
  values: Float32Array,
  standardDeviation: number,
  stream: RandomStream,
  out: Float32Array,
): Float32Array {
  stream.fillNormal(out);
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.min(1, Math.max(0, values[i]! + standardDeviation * out[i]!));
  }
  return out;
}
