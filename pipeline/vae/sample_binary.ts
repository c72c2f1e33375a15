import type { RandomStream } from "../base/random.ts";

/**
 * Replaces each intensity p in [0, 1] by 1 with probability p and else by 0: dynamic binarisation
 * (Salakhutdinov and Murray, 2008; Burda et al., 2016), for each use of an example anew. Works in place. Zeros, most
 * of a digit's pixels, draw nothing.
 */
export function sampleBinary(values: Float32Array, stream: RandomStream): Float32Array {
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! > 0 && stream.uniform() < values[i]! ? 1 : 0;
  }
  return values;
}
