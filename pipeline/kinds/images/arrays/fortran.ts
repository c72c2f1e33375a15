import { sizeOf } from "../../../base/shape.ts";

/** An array in Fortran order: the first axis varies fastest in the file, so its rows lie nowhere together. */
export interface FortranArray {
  readonly shape: readonly number[];
  /** Bytes of a value. */
  readonly bytes: number;
  /** All its values, as the file has them. */
  readonly values: Uint8Array;
}

/** Rows of the first axis, in C order. @param first the number of the first of them */
export function fortranRows({ shape, bytes, values }: FortranArray, first: number, rows: number): DataView {
  const places = placesInRow(shape);
  const out = new Uint8Array(rows * places.length * bytes);
  let at = 0;
  for (let row = first; row < first + rows; row++) {
    for (const place of places) {
      const from = (row + place) * bytes;
      for (let byte = 0; byte < bytes; byte++) out[at++] = values[from + byte]!;
    }
  }
  return new DataView(out.buffer);
}

/** Where the values of row 0 stand in the file, counted in values, in the order of C. */
function placesInRow([rows, ...sides]: readonly number[]): Float64Array {
  const places = new Float64Array(sizeOf(sides));
  let stride = rows!;
  let repeats = places.length; // how often the last axes' pattern fits behind one value of this axis
  for (const side of sides) {
    repeats /= side;
    for (let i = 0; i < places.length; i++) places[i]! += Math.floor(i / repeats) % side * stride;
    stride *= side;
  }
  return places;
}
