/** The number of values in an array of this shape: 1 where it has no axes. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1);
}
