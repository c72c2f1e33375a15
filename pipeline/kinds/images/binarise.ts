import { randomStream } from "../../base/random.ts";
import type { Binarisation } from "./schema.ts";

/** What a stored byte is multiplied by: an intensity of 255 is 1; where pixels are binary, they are 0 and 1 already. */
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
