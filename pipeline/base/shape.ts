/** Sides of an array, the outermost first; [] for a single number. */
export type Shape = readonly number[];

/** The number of values in an array of this shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1);
}
