import { randomStream } from "../../base/random.ts";
import type { Values } from "../../artifacts/dataset.ts";
import type { Binarisation } from "./schema.ts";

/** Whether examples are stored as the intensities that they have, and not as 0 and 1. */
export function storesIntensities(binarisation: Binarisation): boolean {
  return binarisation === "none" || binarisation === "dynamic";
}

/**
 * Turns the intensities (0 to `most`) of one example into what is stored. A static sample depends on the seed, the
 * file and the example's position in it, and not on the split.
 */
export function binariseExample(
  pixels: Values,
  most: number,
  binarisation: Binarisation,
  seed: number,
  file: string,
  position: number,
): Values {
  if (storesIntensities(binarisation)) return pixels;
  if (binarisation === "threshold") return Uint8Array.from(pixels, (value) => value > most / 2 ? 1 : 0);
  const stream = randomStream(seed, `binarisation ${file} file`, position);
  return Uint8Array.from(pixels, (value) => value > 0 && stream.uniform() * most < value ? 1 : 0);
}
