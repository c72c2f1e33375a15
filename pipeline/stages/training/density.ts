import type { UnlabelledPart } from "../../artifacts/dataset.ts";

/** Examples that are looked at. */
const MOST = 1000;

/**
 * The share of values that are not 0, 0..1, in examples that are evenly spaced over the part.
 *
 * @param isDrawn whether each value is drawn as 0 or 1 by its intensity: then the share of ones to be expected
 */
export function densityOf(
  { images, examples, size, scale }: Pick<UnlabelledPart, "images" | "examples" | "size" | "scale">,
  isDrawn: boolean,
): number {
  const looked = Math.min(MOST, examples);
  let sum = 0;
  for (let i = 0; i < looked; i++) {
    const first = Math.floor(i * examples / looked) * size;
    for (const value of images.subarray(first, first + size)) {
      sum += isDrawn ? value * scale : Number(value !== 0);
    }
  }
  return sum / (looked * size);
}
