import { normalQuantile } from "./normal.ts";

/** Share of the prior beyond either end of the paper's grid (Figure 2). */
export const PAPER_TAIL = 0.05;

/**
 * `side` coordinates, the inverse normal CDF of points evenly spaced in [tail, 1 - tail]: each stands for the same
 * share of the prior.
 */
export function gridCoordinates(side: number, tail: number): number[] {
  return Array.from({ length: side }, (_, i) => normalQuantile(tail + (1 - 2 * tail) * i / (side - 1)));
}

/** Codes of the grid, [side * side, 2], row by row from the top: z2 falls from row to row, z1 rises in a row. */
export function latentGrid(coordinates: readonly number[]): Float32Array {
  const side = coordinates.length;
  const codes = new Float32Array(side * side * 2);
  for (let i = 0; i < side * side; i++) {
    codes[2 * i] = coordinates[i % side]!;
    codes[2 * i + 1] = coordinates[side - 1 - Math.floor(i / side)]!;
  }
  return codes;
}
