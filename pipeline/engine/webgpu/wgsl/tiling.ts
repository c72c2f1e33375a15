import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { ProductTile, Profile } from "../profile.ts";

/** The tiles that a product is cut into, and the pieces of its terms. */

/** The sides of a product, [batch, rows, columns], over so many terms. */
export interface ProductShape {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** How a product is computed. */
export interface Tiling {
  readonly tile: ProductTile;
  /** Parts of the terms, each with a result of its own. */
  readonly pieces: number;
}

/** Whether the value is a product of matrices. */
export function isProduct({ op }: Value): boolean {
  return op === "Gemm" || op === "MatMul";
}

/** The sides of a value that is a product. */
export function productShape({ op, operands: [a], attributes, shape }: Value): ProductShape {
  const terms = op === "Gemm" ? a!.shape[attributes.transA === 1 ? 0 : 1]! : a!.shape.at(-1)!;
  return { batch: sizeOf(shape.slice(0, -2)), rows: shape.at(-2)!, columns: shape.at(-1)!, terms };
}

/** The most pieces. */
const MOST_PIECES = 64;

/** Chooses the tile and the pieces that take the least time, as far as a small model of the hardware can tell. */
export function tilingOf(sides: ProductShape, { tiles, units }: Profile): Tiling {
  let best: Tiling & { time: number } | undefined;
  for (const tile of tiles) {
    for (let pieces = 1; pieces <= MOST_PIECES; pieces *= 2) {
      if (pieces > 1 && sides.terms / pieces < tile.depth * tile.slices) break;
      const time = timeOf(sides, tile, pieces, units);
      if (!best || time < best.time) best = { tile, pieces, time };
    }
  }
  return best!;
}

/** Cycles that a turn takes at least, and a workgroup takes beside its turns. */
const TURN = 600, GROUP = 2500;
/** Cycles that a piece costs its reader, and pieces at all: what is in one can be finished without another dispatch. */
const PIECE = 150, PIECES = 4000;
/** Products and sums that a unit does in a cycle, and bytes that all units read or write. */
const PER_CYCLE = 128, BYTES_PER_CYCLE = 3000;

/** About the cycles that a product takes. */
function timeOf(
  { batch, rows, columns, terms }: ProductShape,
  { grid, slices, depth, tall, wide, efficiency, together }: ProductTile,
  pieces: number,
  units: number,
): number {
  const [height, width] = [grid * tall, grid * wide];
  const groups = batch * Math.ceil(rows / height) * Math.ceil(columns / width) * pieces;
  const waves = Math.ceil(groups / (units * together));
  const perUnit = Math.min(together, Math.ceil(groups / units));
  const turns = Math.ceil(terms / pieces / (depth * slices));
  const turn = height * width * depth * slices / PER_CYCLE / efficiency * perUnit;
  const computing = waves * (turns * Math.max(TURN, turn) + GROUP);
  const reading = groups * (height + width) * terms / pieces * 4 / BYTES_PER_CYCLE;
  if (pieces === 1) return Math.max(computing, reading);
  const again = 2 * batch * rows * columns * 4 * pieces / BYTES_PER_CYCLE;
  return Math.max(computing, reading) + again + PIECES + pieces * PIECE;
}

/** The pieces that a product is computed in, to be added up by who reads it. */
export function productPieces(value: Value, profile: Profile): number {
  return tilingOf(productShape(value), profile).pieces;
}
