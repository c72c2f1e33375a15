import { type RandomStream, randomStream } from "../../base/random.ts";
import type { ImageDatasetSpec } from "../../spec/schema.ts";

export type Binarisation = ImageDatasetSpec["binarisation"];

/** An intensity of 255 is 1; where pixels are binary already, they are 0 and 1. */
export function pixelScale(binarisation: Binarisation): number {
  return storesIntensities(binarisation) ? 1 / 255 : 1;
}

function storesIntensities(binarisation: Binarisation): boolean {
  return binarisation === "none" || binarisation === "dynamic";
}

/**
 * Turns the intensities (0 to 255) of one example into what is stored. A static sample depends on the seed, the
 * file and the example's position in it, and not on the split.
 */
export function binariseExample(
  pixels: Uint8Array,
  binarisation: Binarisation,
  seed: number,
  file: "train" | "test",
  position: number,
): Uint8Array {
  if (storesIntensities(binarisation)) return pixels;
  if (binarisation === "threshold") return pixels.map((value) => value > 127.5 ? 1 : 0);
  const stream = randomStream(seed, `binarisation ${file} file`, position);
  return pixels.map((value) => value > 0 && stream.uniform() * 255 < value ? 1 : 0);
}

/**
 * Replaces each intensity p in [0, 1] by 1 with probability p and else by 0: dynamic binarisation
 * (Salakhutdinov and Murray, 2008; Burda et al., 2016), for each use of an example anew. Zeros, most of a digit's
 * pixels, draw nothing.
 */
export function sampleBinary(values: Float32Array, stream: RandomStream): Float32Array {
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i]! > 0 && stream.uniform() < values[i]! ? 1 : 0;
  }
  return values;
}
