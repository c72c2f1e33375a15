/** Sides of an array, the outermost first; [] for a single number. */
export type Shape = readonly number[];

/**
 * The number of values in an array of this shape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sizeOf } from "reparam";
 *
 * assert.equal(sizeOf([28, 28]), 784);
 * assert.equal(sizeOf([]), 1);
 * ```
 */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, side) => size * side, 1);
}
