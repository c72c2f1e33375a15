import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import { type FusedLoop, leaves } from "../../program/fuse.ts";
import { ownerOf } from "../../program/storage.ts";
import type { ProductTile, Profile } from "../profile.ts";
import { GPU_RULES } from "../rules.ts";
import { TensorPlace } from "./tensor_place.ts";
import { type GpuKernel, moduleOf, MOST_GROUPS } from "./kernel.ts";
import { type Memories, storeEntries, TensorTable } from "./loop.ts";
import { Reader } from "./reader.ts";
import { Source } from "./source.ts";

/**
 * Matrix products in tiles. A tile of the result belongs to a workgroup, whose threads read what it is made of into
 * shared memory, `DEPTH` terms at a time. What a thread adds up are named variables, since an array would not lie in
 * registers.
 */

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

/** Terms that a tile reads at once. */
const DEPTH = 16;
/** The most pieces. */
const MOST_PIECES = 64;

/** Chooses the tile and the pieces that take the least time, as far as a small model of the hardware can tell. */
function tilingOf(sides: ProductShape, { tiles, units }: Profile): Tiling {
  let best: Tiling & { time: number } | undefined;
  for (const tile of tiles) {
    for (let pieces = 1; pieces <= MOST_PIECES; pieces *= 2) {
      if (pieces > 1 && sides.terms / pieces < DEPTH * tile.slices) break;
      const time = timeOf(sides, tile, pieces, units);
      if (!best || time < best.time) best = { tile, pieces, time };
    }
  }
  return best!;
}

/** Cycles that a turn takes at least, a workgroup takes beside its turns, and a piece costs its reader. */
const TURN = 600, GROUP = 2500, PIECE = 150;
/** Products and sums that a unit does in a cycle, and bytes that all units read or write. */
const PER_CYCLE = 128, BYTES_PER_CYCLE = 3000;

/** About the cycles that a product takes. */
function timeOf(
  { batch, rows, columns, terms }: ProductShape,
  { grid, slices, tall, wide, efficiency, together }: ProductTile,
  pieces: number,
  units: number,
): number {
  const [height, width] = [grid * tall, grid * wide];
  const groups = batch * Math.ceil(rows / height) * Math.ceil(columns / width) * pieces;
  const waves = Math.ceil(groups / (units * together));
  const perUnit = Math.min(together, Math.ceil(groups / units));
  const turns = Math.ceil(terms / pieces / (DEPTH * slices));
  const turn = height * width * DEPTH * slices / PER_CYCLE / efficiency * perUnit;
  const bytes = pieces === 1 ? 0 : 2 * batch * rows * columns * 4 * pieces;
  return waves * (turns * Math.max(TURN, turn) + GROUP) + bytes / BYTES_PER_CYCLE + (pieces - 1) * PIECE;
}

/** The pieces that a product is computed in, to be added up by who reads it. */
export function productPieces(value: Value, profile: Profile): number {
  return tilingOf(productShape(value), profile).pieces;
}

/** The kernel of a product. @param finish the loop that its entries go through, if they do */
export function productKernel(
  value: Value,
  finish: FusedLoop | undefined,
  memories: Memories,
  profile: Profile,
): GpuKernel {
  const sides = productShape(value), { rows, columns, terms, batch } = sides;
  const { tile: { grid, slices, tall, wide }, pieces } = tilingOf(sides, profile);
  const threads = grid * grid, [height, width] = [grid * tall, grid * wide];
  const turn = DEPTH * slices, share = Math.ceil(terms / pieces / turn) * turn;
  const source = new Source(), places = new TensorTable(memories), reader = new Reader(source, places);
  const [a, b] = value.operands as [Value, Value];
  const leading = new TensorPlace(source, value.shape.slice(0, -2), { linear: "batch" });
  const entry = (operand: Value, isTransposed: boolean, row: string, column: string) => {
    const matrix = isTransposed ? [column, row] : [row, column];
    const outer = leading.broadcast(operand.shape.slice(0, -2));
    return reader.read(operand, new TensorPlace(source, operand.shape, { axes: [...outer.axes, ...matrix] }));
  };
  const [transA, transB] = [value.attributes.transA === 1, value.attributes.transB === 1];
  // What a loop takes apart it reads together: rows of all pieces lie side by side in the tile.
  const apart = finish ? sizeOf(value.shape) / sizeOf(finish.shape) : 1;
  const rowOf = (s: string) => apart === 1 ? s : `(${s} % ${apart}u * ${rows / apart}u + ${s} / ${apart}u)`;
  const operands = [
    {
      name: "a",
      side: height,
      start: "row0",
      end: rows,
      alongTerms: !transA,
      read: (s: string, k: string) => entry(a, transA, rowOf(s), k),
    },
    {
      name: "b",
      side: width,
      start: "column0",
      end: columns,
      alongTerms: transB,
      read: (s: string, k: string) => entry(b, transB, k, s),
    },
  ];
  type Operand = typeof operands[number];
  /** Vectors of four from one term of a tile to the next: one more than it has, for the sake of memory banks. */
  const stride = ({ side }: Operand) => side / 4 + 1;
  /** Names where in the tile the thread's n-th entry lies, and which entry of the operand that is. */
  const locate = ({ start, side, alongTerms }: Operand, e: string, from: string) => {
    const [kk, ss] = alongTerms
      ? [`${e} % ${DEPTH}u`, `${e} / ${DEPTH}u`]
      : [`${e} / ${side}u`, `${e} % ${side}u`];
    source.add(
      `let kk = ${kk}; let ss = ${ss}; let s = ${start} + ss; let k = ${from} + slice * ${DEPTH}u + kk;`,
    );
  };
  const guarded = ({ end, read }: Operand) => `select(0f, ${read("s", "k")}, s < ${end}u && k < k_end)`;
  const target = (operand: Operand) =>
    `tile_${operand.name}[(slice * ${DEPTH}u + kk) * ${stride(operand)}u + ss / 4u][ss % 4u]`;
  const eachEntry = (operand: Operand, make: (n: number, e: string) => void) => {
    for (let n = 0; n < operand.side * DEPTH / threads; n++) {
      source.block("", () => make(n, n === 0 ? "lane" : `(lane + ${n * threads}u)`));
    }
  };
  /** Reads ahead into registers, while the tile before is still used. */
  const readAhead = (from: string) => {
    for (const operand of operands) {
      eachEntry(operand, (n, e) => {
        locate(operand, e, from);
        source.add(`${operand.name}_ahead_${n} = ${guarded(operand)};`);
      });
    }
  };
  const put = () => {
    for (const operand of operands) {
      eachEntry(operand, (n, e) => {
        const { alongTerms, side } = operand;
        const [kk, ss] = alongTerms
          ? [`${e} % ${DEPTH}u`, `${e} / ${DEPTH}u`]
          : [`${e} / ${side}u`, `${e} % ${side}u`];
        source.add(`let kk = ${kk}; let ss = ${ss}; ${target(operand)} = ${operand.name}_ahead_${n};`);
      });
    }
  };
  /** The same in a loop, for who must compile it quickly. */
  const readAndPut = () => {
    for (const operand of operands) {
      source.block(`for (var e = lane; e < ${operand.side * DEPTH}u; e += ${threads}u)`, () => {
        locate(operand, "e", "k0");
        source.add(`${target(operand)} = ${guarded(operand)};`);
      });
    }
  };
  const quads = wide / 4;
  const each = (make: (i: number, q: number) => string) =>
    Array.from({ length: tall * quads }, (_, n) => make(Math.floor(n / quads), n % quads)).join("\n");
  const [firstA, firstB] = operands as [Operand, Operand];

  source.add(each((i, q) => `var c_${i}_${q} = vec4f();`));
  const first = `group_piece * ${share}u`;
  if (profile.readsAhead) {
    for (const { name, side } of operands) {
      for (let n = 0; n < side * DEPTH / threads; n++) source.add(`var ${name}_ahead_${n}: f32;`);
    }
    readAhead(first);
  }
  source.block(`for (var k0 = ${first}; k0 < k_end; k0 += ${turn}u)`, () => {
    if (profile.readsAhead) put();
    else readAndPut();
    source.add("workgroupBarrier();");
    if (profile.readsAhead) readAhead(`(k0 + ${turn}u)`);
    source.add(`for (var kk = 0u; kk < ${DEPTH}u; kk++) {`);
    source.add(`let at_a = (slice * ${DEPTH}u + kk) * ${stride(firstA)}u + y;`);
    source.add(`let at_b = (slice * ${DEPTH}u + kk) * ${stride(firstB)}u + x;`);
    for (let i = 0; i < tall / 4; i++) source.add(`let a_${i} = tile_a[at_a + ${i * grid}u];`);
    for (let q = 0; q < quads; q++) source.add(`let b_${q} = tile_b[at_b + ${q * grid}u];`);
    source.add(
      each((i, q) =>
        `c_${i}_${q} = fma(vec4f(a_${Math.floor(i / 4)}.${"xyzw"[i % 4]}), b_${q}, c_${i}_${q});`
      ),
    );
    source.add("}\nworkgroupBarrier();");
  });
  if (slices > 1) {
    // Each slice has added up other terms of the same tile: the first adds up what the others have.
    const at = (slice: string, i: number, q: number) =>
      `partial[((${slice}) * ${threads}u + lane) * ${tall * quads}u + ${i * quads + q}u]`;
    source.block(
      "if (slice > 0u)",
      () => source.add(each((i, q) => `${at("slice - 1u", i, q)} = c_${i}_${q};`)),
    );
    source.add("workgroupBarrier();\nif (slice > 0u) { return; }");
    for (let other = 0; other < slices - 1; other++) {
      source.add(each((i, q) => `c_${i}_${q} += ${at(`${other}u`, i, q)};`));
    }
  }
  const ends = finish ? finishing(value, finish, places) : undefined;
  const store = (vectors: readonly string[], j: number) => {
    const entries = vectors.map((vector) => `${vector}.${"xyzw"[j]}`).join(", ");
    const end = finish
      ? `finish(at + ${j}u, ${entries});`
      : `${memories.memory(value)}[at + ${j}u] = ${entries};`;
    return `if (c + ${j}u < ${columns}u) { ${end} }`;
  };
  for (let i = 0; i < tall; i += apart) {
    for (let q = 0; q < quads; q++) {
      const vectors = Array.from({ length: apart }, (_, piece) => `c_${i + piece}_${q}`);
      const at = finish
        ? `(batch * ${rows}u + r) / ${apart}u * ${columns}u + c`
        : `to_0 + ((group_piece * ${batch}u + batch) * ${rows}u + r) * ${columns}u + c`;
      source.add(
        `{ let r = row0 + ${Math.floor(i / 4) * grid * 4 + i % 4}u + y * 4u; let c = column0 + ${
          q * grid * 4
        }u + x * 4u;
if (r < ${rows}u) { let at = ${at}; ${[0, 1, 2, 3].map((j) => store(vectors, j)).join(" ")} } }`,
      );
    }
  }
  // Where more tiles lie one below the other than a dispatch can have groups, they go on at the right.
  const [across, down] = [Math.ceil(columns / width), Math.ceil(rows / height)];
  const isLong = down > MOST_GROUPS;
  const [column, row] = isLong
    ? [`group.x % ${across}u`, `(group.y + group.x / ${across}u * ${MOST_GROUPS}u)`]
    : ["group.x", "group.y"];
  const head = `let batch = group.z % ${batch}u; let group_piece = group.z / ${batch}u;
let slice = local / ${threads}u; let lane = local % ${threads}u; let x = lane % ${grid}u; let y = lane / ${grid}u;
let column0 = ${column} * ${width}u; let row0 = ${row} * ${height}u;
let k_end = min(${terms}u, (group_piece + 1u) * ${share}u);`;
  const vectors = (operand: Operand) => slices * DEPTH * stride(operand);
  const shared = [
    `var<workgroup> tile_a: array<vec4f, ${vectors(firstA)}>;`,
    `var<workgroup> tile_b: array<vec4f, ${vectors(firstB)}>;`,
    ...(slices > 1
      ? [`var<workgroup> partial: array<vec4f, ${(slices - 1) * threads * tall * quads}>;`]
      : []),
  ].join("\n");
  const stored = finish?.results ?? [value];
  const what =
    `product of ${batch} x ${rows} x ${columns} over ${terms}: ${height} x ${width} in ${slices} slices, ` +
    `${pieces} pieces${finish ? `, finished by ${finish.members.map(({ op }) => op).join(" ")}` : ""}`;
  const named = places.named(stored.length);
  return {
    code: moduleOf(
      what,
      `${head}\n${named}\n${source}`,
      threads * slices,
      ends ? `${shared}\nfn finish(${ends.parameters}) {\n${named}\n${ends.body}\n}` : shared,
    ),
    reads: places.reads,
    writes: stored,
    groups: isLong
      ? [across * Math.ceil(down / MOST_GROUPS), MOST_GROUPS, batch * pieces]
      : [across, down, batch * pieces],
  };
}

/** What is done with entries of a product, one of each piece that the loop takes it apart into, as a function. */
function finishing(
  product: Value,
  loop: FusedLoop,
  places: TensorTable,
): { readonly parameters: string; readonly body: Source } {
  const body = new Source(), given = new Map<Value, string>();
  const size = sizeOf(loop.shape), apart = sizeOf(product.shape) / size;
  for (const { value } of loop.members.flatMap((member) => leaves(member, GPU_RULES))) {
    const { of, offset } = ownerOf(value);
    if (of === product) given.set(value, `piece_${offset / size}`);
  }
  storeEntries(loop, "i", 0, body, places, given);
  const pieces = Array.from({ length: apart }, (_, piece) => `piece_${piece}: f32`);
  return { parameters: ["i: u32", ...pieces].join(", "), body };
}
