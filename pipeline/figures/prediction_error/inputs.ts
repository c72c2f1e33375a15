import { type RandomStream, randomStream } from "../../base/random.ts";
import { intensities } from "../../metrics/attributes.ts";

/** What becomes of test images before the model sees them; all pictures are [height, width, channels], flat. */

/** A square of a picture. */
export interface Square {
  readonly top: number;
  readonly left: number;
  readonly side: number;
}

/** The kinds of input, from what training was like to what it never saw. */
export const INPUTS = ["intact", "part missing", "upside down", "shuffled", "noise"] as const;

/** A kind of input. */
export type InputName = typeof INPUTS[number];

/** A square that has a quarter of the picture's shorter side, where it has the most ink; of several the uppermost. */
export function inkiestSquare(
  picture: Float32Array,
  [height, width, channels = 1]: readonly number[],
): Square {
  const side = Math.max(1, Math.round(Math.min(height!, width!) / 4));
  const grey = intensities(picture, channels);
  let [best, most] = [{ top: 0, left: 0, side }, -Infinity];
  for (let top = 0; top + side <= height!; top++) {
    for (let left = 0; left + side <= width!; left++) {
      let sum = 0;
      for (let y = top; y < top + side; y++) {
        for (let x = left; x < left + side; x++) sum += grey[y * width! + x]!;
      }
      if (sum > most) [best, most] = [{ top, left, side }, sum];
    }
  }
  return best;
}

/** The values of a picture that lie in a square, by their places. */
export function placesIn({ top, left, side }: Square, [, width, channels = 1]: readonly number[]): number[] {
  const places: number[] = [];
  for (let y = top; y < top + side; y++) {
    for (let i = (y * width! + left) * channels; i < (y * width! + left + side) * channels; i++) {
      places.push(i);
    }
  }
  return places;
}

/** The inputs that are made of pictures; those drawn at random by the seed and the picture's number. */
export function madeOf(
  pictures: Float32Array,
  shape: readonly number[],
  gaps: readonly Square[],
  seed: number,
): Readonly<Record<InputName, Float32Array>> {
  const channels = shape[2] ?? 1;
  const size = shape.reduce((product, side) => product * side, 1);
  const each = (
    make: (picture: Float32Array, random: RandomStream, i: number) => Float32Array,
    name: string,
  ) => {
    const made = new Float32Array(pictures.length);
    for (let i = 0; i < pictures.length / size; i++) {
      made.set(make(pictures.subarray(i * size, (i + 1) * size), randomStream(seed, name, i), i), i * size);
    }
    return made;
  };
  const reordered = (picture: Float32Array, from: (pixel: number) => number) =>
    picture.map((_, at) => picture[from(Math.floor(at / channels)) * channels + at % channels]!);
  return {
    "intact": pictures,
    "part missing": each((picture, _, i) => {
      const made = picture.slice();
      for (const place of placesIn(gaps[i]!, shape)) made[place] = 0;
      return made;
    }, "gaps"),
    "upside down": each((picture) => reordered(picture, (pixel) => size / channels - 1 - pixel), "turned"),
    "shuffled": each((picture, random) => {
      const order = random.permutation(size / channels);
      return reordered(picture, (pixel) => order[pixel]!);
    }, "shuffled pixels"),
    "noise": each((picture, random) => random.fillUniform(new Float32Array(picture.length)), "noise pixels"),
  };
}
