import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { Profile } from "../profile.ts";
import { Coordinates } from "./coordinates.ts";
import { type Kernel, moduleOf } from "./kernel.ts";
import { type Memories, Places } from "./loop.ts";
import { Reader } from "./reader.ts";
import { Source } from "./source.ts";

/** Matrix products in tiles: what a thread adds up are named variables, since arrays would not lie in registers. */

/** The sides of a product, [batch, rows, columns], over so many terms. */
export interface ProductShape {
  readonly batch: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** How a product is computed. */
export interface Tiling {
  /** Rows and columns of the tile that one thread computes. */
  readonly tall: number;
  readonly wide: number;
  /** Parts of the terms, each with a result of its own. */
  readonly pieces: number;
}

export function isProduct({ op }: Value): boolean {
  return op === "Gemm" || op === "MatMul";
}

export function productShape({ op, operands: [a], attributes, shape }: Value): ProductShape {
  const terms = op === "Gemm" ? a!.shape[attributes.transA === 1 ? 0 : 1]! : a!.shape.at(-1)!;
  return { batch: sizeOf(shape.slice(0, -2)), rows: shape.at(-2)!, columns: shape.at(-1)!, terms };
}

/** Terms that a tile reads at once. */
const DEPTH = 16;
/** The least terms of a piece. */
const LEAST_TERMS = 32;
const MOST_PIECES = 32;

/** Chooses tiles that waste little, and pieces where there would be too few workgroups. */
export function tilingOf({ batch, rows, columns, terms }: ProductShape, profile: Profile): Tiling {
  const { grid, mostPerThread, workgroups } = profile;
  const per = (side: number) => {
    let count = 1;
    while (count < mostPerThread && grid * count < side) count *= 2;
    return count;
  };
  let tall = per(rows), wide = per(columns);
  const blocks = () => batch * Math.ceil(rows / (grid * tall)) * Math.ceil(columns / (grid * wide));
  const most = Math.max(1, Math.min(MOST_PIECES, Math.floor(terms / LEAST_TERMS)));
  // Smaller tiles read more; they pay where the large ones leave most of the adapter idle, however often cut.
  while (tall * wide > 16 && blocks() * most < workgroups) {
    if (tall >= wide) tall /= 2;
    else wide /= 2;
  }
  const pieces = Math.min(most, Math.max(1, Math.ceil(workgroups / 2 / blocks())));
  return { tall, wide, pieces };
}

export function productPieces(value: Value, profile: Profile): number {
  return tilingOf(productShape(value), profile).pieces;
}

export function productKernel(value: Value, memories: Memories, profile: Profile): Kernel {
  const sides = productShape(value), { rows, columns, terms, batch } = sides;
  const { tall, wide, pieces } = tilingOf(sides, profile);
  const { grid } = profile, size = grid * grid, [height, width] = [grid * tall, grid * wide];
  const share = Math.ceil(terms / pieces / DEPTH) * DEPTH;
  const source = new Source(), places = new Places(memories), reader = new Reader(source, places);
  const [a, b] = value.operands as [Value, Value];
  const leading = new Coordinates(source, value.shape.slice(0, -2), { linear: "batch" });
  const entry = (operand: Value, isTransposed: boolean, row: string, column: string) => {
    const matrix = isTransposed ? [column, row] : [row, column];
    const outer = leading.broadcast(operand.shape.slice(0, -2));
    return reader.read(operand, new Coordinates(source, operand.shape, { axes: [...outer.axes, ...matrix] }));
  };
  const [transA, transB] = [value.attributes.transA === 1, value.attributes.transB === 1];
  /** Copies a tile into the workgroup's memory, neighbours in memory by neighbouring threads. */
  const load = (
    name: string,
    side: number,
    along: "terms" | "sides",
    read: (s: string, k: string) => string,
    start: string,
    end: number,
  ) => {
    source.block(`for (var e = local; e < ${side * DEPTH}u; e += ${size}u)`, () => {
      const [kk, ss] = along === "terms"
        ? [`e % ${DEPTH}u`, `e / ${DEPTH}u`]
        : [`e / ${side}u`, `e % ${side}u`];
      source.add(`let kk = ${kk}; let ss = ${ss}; let s = ${start} + ss; let k = k0 + kk;`);
      const got = read("s", "k");
      source.add(`${name}[kk * ${side + 1}u + ss] = select(0f, ${got}, s < ${end}u && k < k_end);`);
    });
  };
  const each = (make: (i: number, j: number) => string) =>
    Array.from({ length: tall * wide }, (_, n) => make(Math.floor(n / wide), n % wide)).join("\n");
  source.add(each((i, j) => `var c_${i}_${j} = 0f;`));
  source.block(`for (var k0 = group_piece * ${share}u; k0 < k_end; k0 += ${DEPTH}u)`, () => {
    load("tile_a", height, transA ? "sides" : "terms", (s, k) => entry(a, transA, s, k), "row0", rows);
    load("tile_b", width, transB ? "terms" : "sides", (s, k) => entry(b, transB, k, s), "column0", columns);
    source.add("workgroupBarrier();");
    source.add(`for (var kk = 0u; kk < ${DEPTH}u; kk++) {`);
    for (let i = 0; i < tall; i++) source.add(`let a_${i} = tile_a[kk * ${height + 1}u + y + ${i * grid}u];`);
    for (let j = 0; j < wide; j++) source.add(`let b_${j} = tile_b[kk * ${width + 1}u + x + ${j * grid}u];`);
    source.add(each((i, j) => `c_${i}_${j} = fma(a_${i}, b_${j}, c_${i}_${j});`));
    source.add("}\nworkgroupBarrier();");
  });
  source.add(
    each((i, j) =>
      `{ let r = row0 + y + ${i * grid}u; let c = column0 + x + ${
        j * grid
      }u; if (r < ${rows}u && c < ${columns}u) { ${
        memories.memory(value)
      }[to_0 + ((group_piece * ${batch}u + batch) * ${rows}u + r) * ${columns}u + c] = c_${i}_${j}; } }`
    ),
  );
  const head = `let batch = group.z % ${batch}u; let group_piece = group.z / ${batch}u;
let x = local % ${grid}u; let y = local / ${grid}u; let column0 = group.x * ${width}u; let row0 = group.y * ${height}u;
let k_end = min(${terms}u, (group_piece + 1u) * ${share}u);`;
  const what =
    `product of ${batch} x ${rows} x ${columns} over ${terms}: ${tall} x ${wide} a thread, ${pieces} pieces`;
  const shared = `var<workgroup> tile_a: array<f32, ${(height + 1) * DEPTH}>;
var<workgroup> tile_b: array<f32, ${(width + 1) * DEPTH}>;`;
  return {
    code: moduleOf(what, `${head}\n${places.named(1)}\n${source}`, size, shared),
    reads: places.reads,
    writes: [value],
    groups: [Math.ceil(columns / width), Math.ceil(rows / height), batch * pieces],
  };
}
