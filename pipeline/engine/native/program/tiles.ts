import { Graph } from "../../graph/graph.ts";
import type { Value } from "../../graph/value.ts";
import { LINE } from "../memory.ts";
import type { Assembly } from "./assembly.ts";
import { type Loop, OWN } from "./loop.ts";
import type { Invocation, Phase } from "./run.ts";
import { type SparseLoop } from "./sparse_loop.ts";
import { isGivenConstant } from "./storage.ts";

/**
 * The gradient of a large weight matrix, left' right with the examples as rows: computed tile by tile over all parts
 * of the batch, so that each tile is used up while it is in the cache. As a whole it would be written to memory and
 * read again, once per part, which takes longer than the product.
 */
export interface GradientProduct {
  /** [examples of a part, rows of the gradient] */
  readonly left: Value;
  /** [examples of a part, columns] */
  readonly right: Value;
  /** Whether the left one is mostly zeros, which are skipped. */
  readonly isSparse: boolean;
}

/**
 * Entries from which on a gradient is worth it, and examples up to which: their parts of a tile are copied together.
 */
const LARGE = 2 ** 16, FEW = 512;
/** The most columns of a tile, since memory is read fast where it is read in long pieces, and about its entries. */
const COLUMNS = 4096, ENTRIES = 2 ** 18;

/** The gradient as a product, where it is worth computing in tiles. */
export function gradientProduct(
  { op, operands, attributes, shape }: Value,
  parts: number,
): GradientProduct | undefined {
  const isSparse = op === "SparseGemm", isDense = op === "Gemm" && attributes.transB === 0;
  if (!isSparse && !isDense || operands.length !== 2 || attributes.transA !== 1) return undefined;
  const [left, right] = operands as [Value, Value];
  if (isGivenConstant(left) || isGivenConstant(right)) return undefined; // they lie nowhere
  const examples = left.shape[0]! * parts;
  return shape[0]! * shape[1]! >= LARGE && examples <= FEW ? { left, right, isSparse } : undefined;
}

/** Memory that a thread needs for its tiles, as shapes. */
export function scratchOf(
  { left, right }: GradientProduct,
  parts: number,
): Record<"left" | "right" | "tile", number[]> {
  const examples = left.shape[0]! * parts, columns = columnsOf(right.shape[1]!), rows = rowsOf(columns);
  return { left: [examples, rows], right: [examples, columns], tile: [rows, columns] };
}

/** Columns of a tile of a matrix that is `width` wide: all tiles about equally wide, in whole cache lines. */
function columnsOf(width: number): number {
  return Math.min(width, Math.ceil(width / Math.ceil(width / COLUMNS) / LINE) * LINE);
}

/** The rows of a tile that is `columns` wide. */
function rowsOf(columns: number): number {
  return Math.floor(ENTRIES / columns / LINE) * LINE;
}

/** Byte addresses of the operands, one for each part of the batch, and of each thread's memory for tiles. */
export interface TileOperands {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly scratch: readonly Readonly<Record<"left" | "right" | "tile", number>>[];
}

/** A piece of the gradient and where it begins there. */
export interface Tile {
  readonly thread: 0 | 1;
  readonly row: number;
  readonly column: number;
  readonly sides: readonly [rows: number, columns: number];
  readonly address: number;
}

/** Each thread's share of the tiles' products, each followed by what `use` makes of it. */
export function tiles(
  assembly: Assembly,
  { left, right, isSparse }: GradientProduct,
  operands: TileOperands,
  use: (tile: Tile) => Invocation,
): Phase {
  const [examples, height] = left.shape as [number, number];
  const width = right.shape[1]!;
  const middle = Math.ceil(height / 2 / LINE) * LINE;
  const invocations = (thread: 0 | 1, from: number, to: number): Invocation[] => {
    const scratch = operands.scratch[thread]!, list: Invocation[] = [];
    const gather = (
      addresses: readonly number[],
      side: number,
      first: number,
      count: number,
      target: number,
    ) => {
      addresses.forEach((address, part) =>
        list.push(assembly.loop(copy(examples, count, side), [
          address + first * 4,
          target + part * examples * count * 4,
        ]))
      );
    };
    const step = columnsOf(width), tall = rowsOf(step);
    for (let column = 0; column < width; column += step) {
      const columns = Math.min(step, width - column);
      if (!isSparse) gather(operands.right, width, column, columns, scratch.right);
      for (let row = from; row < to; row += tall) {
        const rows = Math.min(tall, to - row);
        if (isSparse) {
          const loop = sparseTile([examples, rows], columns, [height, width]);
          operands.left.forEach((address, part) =>
            list.push(assembly.sparse({ ...loop, cleared: part === 0 ? loop.cleared : 0 }, [
              address + row * 4,
              operands.right[part]! + column * 4,
              scratch.tile,
            ]))
          );
        } else {
          gather(operands.left, height, row, rows, scratch.left);
          list.push(product(assembly, operands.left.length * examples, rows, columns, scratch));
        }
        list.push(use({ thread, row, column, sides: [rows, columns], address: scratch.tile }));
      }
    }
    return list;
  };
  return [invocations(0, 0, middle), invocations(1, middle, height)];
}

/** Copies some columns of a matrix that is `side` wide into a matrix of their own. */
function copy(rows: number, columns: number, side: number): Loop {
  return {
    sides: [rows, columns],
    operands: [{ memory: OWN, strides: [side, 1] }],
    steps: [],
    results: [{
      memory: OWN,
      strides: [columns, 1],
      entry: { operand: 0 },
      kind: "entries",
      size: columns * rows,
    }],
  };
}

/** Adds one part's share of a tile, for the entries of its left operand that are not 0. */
function sparseTile(
  [examples, rows]: readonly [number, number],
  columns: number,
  [height, width]: readonly [number, number],
): SparseLoop {
  return {
    rows: examples,
    columns: rows,
    stride: height,
    width: columns,
    source: { memory: OWN, perRow: width, perColumn: 0 },
    target: { memory: OWN, perRow: 0, perColumn: columns },
    cleared: rows * columns,
  };
}

function product(
  assembly: Assembly,
  examples: number,
  rows: number,
  columns: number,
  scratch: Readonly<Record<"left" | "right" | "tile", number>>,
): Invocation {
  const graph = new Graph();
  const left = graph.input("left", [examples, rows]), right = graph.input("right", [examples, columns]);
  const tile = graph.node("Gemm", [left, right], [rows, columns], "float32", { transA: 1, transB: 0 });
  const bytes = (address: number, size: number) =>
    new Uint8Array(assembly.memories[OWN]!.buffer, address, size * 4);
  const operands = new Map([
    [left, bytes(scratch.left, examples * rows)],
    [right, bytes(scratch.right, examples * columns)],
  ]);
  return assembly.call(tile, operands, bytes(scratch.tile, rows * columns));
}
