import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import { type FusedLoop, leaves } from "../../program/fuse.ts";
import { ownerOf } from "../../program/storage.ts";
import type { Profile } from "../profile.ts";
import { GPU_RULES } from "../rules.ts";
import { TensorPlace } from "./tensor_place.ts";
import { FINISH, type GpuKernel } from "./kernel.ts";
import { type Memories, storeEntries, TensorTable } from "./loop.ts";
import { Reader } from "./reader.ts";
import { Source } from "./source.ts";
import { productShape, tilingOf } from "./tiling.ts";

/**
 * Matrix products in tiles. A tile of the result belongs to a workgroup, whose threads read what it is made of into
 * shared memory, some terms at a time. What a thread adds up are named variables, since an array would not lie in
 * registers.
 */

/** Vectors of four from one term of a tile to the next: one more than it has, for the sake of memory banks. */
const strideOf = (side: number) => side / 4 + 1;

/** The kernel of a product. @param finish the loop that its entries go through, if they do */
export function productKernel(
  value: Value,
  finish: FusedLoop | undefined,
  memories: Memories,
  profile: Profile,
): GpuKernel {
  const sides = productShape(value), { rows, columns, terms, batch } = sides;
  const { tile: { grid, slices, depth, tall, wide }, pieces } = tilingOf(sides, profile);
  const threads = grid * grid, [height, width] = [grid * tall, grid * wide];
  const turn = depth * slices, share = Math.ceil(terms / pieces / turn) * turn;
  const source = new Source(), places = new TensorTable(memories), reader = new Reader(source, places);
  const [a, b] = value.operands as [Value, Value];
  // Its axes are worked out here: in the block of the operand that asks for them first, the other would not see them.
  const outer = value.shape.slice(0, -2), { axes } = new TensorPlace(source, outer, { linear: "batch" });
  const leading = new TensorPlace(source, outer, { linear: "batch", axes });
  const entry = (operand: Value, isTransposed: boolean, row: string, column: string) => {
    const matrix = isTransposed ? [column, row] : [row, column];
    const place = [...leading.broadcast(operand.shape.slice(0, -2)).axes, ...matrix];
    return reader.read(operand, new TensorPlace(source, operand.shape, { axes: place }));
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
      first: 0,
      read: (s: string, k: string) => entry(a, transA, rowOf(s), k),
    },
    {
      name: "b",
      side: width,
      start: "column0",
      end: columns,
      alongTerms: transB,
      first: slices * depth * strideOf(height),
      read: (s: string, k: string) => entry(b, transB, k, s),
    },
  ];
  type Operand = typeof operands[number];
  const stride = ({ side }: Operand) => strideOf(side);
  /** Names where in the tile the thread's entry lies. */
  const locateInTile = ({ side, alongTerms }: Operand, e: string) => {
    const [kk, ss] = alongTerms
      ? [`${e} % ${depth}u`, `${e} / ${depth}u`]
      : [`${e} / ${side}u`, `${e} % ${side}u`];
    source.add(`let kk = ${kk}; let ss = ${ss};`);
  };
  /** Names which entry of the operand that is, too. */
  const locate = (operand: Operand, e: string, from: string) => {
    locateInTile(operand, e);
    source.add(`let s = ${operand.start} + ss; let k = ${from} + slice * ${depth}u + kk;`);
  };
  /** The entry, or 0 outside of the operand, where tiles do not come out even: what is read in vain ahead is not used. */
  const guarded = ({ end, side, read }: Operand) => {
    const inside = [
      ...(end % side === 0 ? [] : [`s < ${end}u`]),
      ...(terms % (pieces * turn) === 0 ? [] : ["k < k_end"]),
    ];
    return inside.length === 0 ? read("s", "k") : `select(0f, ${read("s", "k")}, ${inside.join(" && ")})`;
  };
  const target = (operand: Operand) =>
    `tile[${operand.first}u + (slice * ${depth}u + kk) * ${stride(operand)}u + ss / 4u][ss % 4u]`;
  const eachEntry = (operand: Operand, make: (n: number, e: string) => void) => {
    for (let n = 0; n < operand.side * depth / threads; n++) {
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
        locateInTile(operand, e);
        source.add(`${target(operand)} = ${operand.name}_ahead_${n};`);
      });
    }
  };
  /** The same in a loop, for who must compile it quickly. */
  const readAndPut = () => {
    for (const operand of operands) {
      source.block(`for (var e = lane; e < ${operand.side * depth}u; e += ${threads}u)`, () => {
        locate(operand, "e", "k0");
        source.add(`${target(operand)} = ${guarded(operand)};`);
      });
    }
  };
  const quads = wide / 4;
  const each = (make: (i: number, q: number) => string) =>
    Array.from({ length: tall * quads }, (_, n) => make(Math.floor(n / quads), n % quads)).join("\n");
  const [firstA, firstB] = operands as [Operand, Operand];

  /** Adds a term of the tile to what the thread adds up. */
  const addTerm = (kk: string) => {
    const at = (operand: Operand, lane: string) =>
      `${operand.first}u + (slice * ${depth}u + ${kk}) * ${stride(operand)}u + ${lane}`;
    for (let i = 0; i < tall / 4; i++) source.add(`let a_${i} = tile[${at(firstA, "y")} + ${i * grid}u];`);
    for (let q = 0; q < quads; q++) source.add(`let b_${q} = tile[${at(firstB, "x")} + ${q * grid}u];`);
    source.add(
      each((i, q) =>
        `c_${i}_${q} = fma(vec4f(a_${Math.floor(i / 4)}.${"xyzw"[i % 4]}), b_${q}, c_${i}_${q});`
      ),
    );
  };

  source.add(each((i, q) => `var c_${i}_${q} = vec4f();`));
  const first = `group_piece * ${share}u`;
  if (profile.unrolls) {
    for (const { name, side } of operands) {
      for (let n = 0; n < side * depth / threads; n++) source.add(`var ${name}_ahead_${n}: f32;`);
    }
    readAhead(first);
  }
  // A processor compiles a loop around barriers slowly.
  const isOneTurn = !profile.unrolls && share === turn;
  source.block(isOneTurn ? "" : `for (var k0 = ${first}; k0 < k_end; k0 += ${turn}u)`, () => {
    if (isOneTurn) source.add(`let k0 = ${first};`);
    if (profile.unrolls) put();
    else readAndPut();
    source.add("workgroupBarrier();");
    if (profile.unrolls) {
      readAhead(`(k0 + ${turn}u)`);
      for (let kk = 0; kk < depth; kk++) source.block("", () => addTerm(`${kk}u`));
    } else source.block(`for (var kk = 0u; kk < ${depth}u; kk++)`, () => addTerm("kk"));
    source.add("workgroupBarrier();");
  });
  const ends = finish ? finishing(value, finish, places) : undefined;
  /** What becomes of the entry, or of those that go through the loop together, in column `c` of row `r`. */
  const end = (at: string, entries: readonly string[]) =>
    finish ? `${FINISH}(${at}, ${entries.join(", ")});` : `${memories.memory(value)}[${at}] = ${entries};`;
  const firstInRow = finish
    ? `(batch * ${rows}u + r) / ${apart}u * ${columns}u`
    : `to_0 + ((group_piece * ${batch}u + batch) * ${rows}u + r) * ${columns}u`;
  const alongPieces = <T>(make: (piece: number) => T) =>
    Array.from({ length: apart }, (_, piece) => make(piece));
  /** A vector of what a slice has added up, where all threads see it. */
  const summed = (slice: string, lane: string, vector: string) =>
    `tile[((${slice}) * ${threads}u + ${lane}) * ${tall * quads}u + ${vector}]`;
  const addSlices = () => {
    // Each slice has added up other terms of the same tile, and nobody reads it any more: the first slice adds up what
    // the others have.
    const at = (slice: string, i: number, q: number) => summed(slice, "lane", `${i * quads + q}u`);
    source.block(
      "if (slice > 0u)",
      () => source.add(each((i, q) => `${at("slice - 1u", i, q)} = c_${i}_${q};`)),
    );
    source.add("workgroupBarrier();\nif (slice > 0u) { return; }");
    for (let other = 0; other < slices - 1; other++) {
      source.add(each((i, q) => `c_${i}_${q} += ${at(`${other}u`, i, q)};`));
    }
  };
  const storeOwn = () => {
    for (let i = 0; i < tall; i += apart) {
      for (let q = 0; q < quads; q++) {
        const store = (j: number) => {
          const entries = alongPieces((piece) => `c_${i + piece}_${q}.${"xyzw"[j]}`);
          return `if (c + ${j}u < ${columns}u) { ${end(`at + ${j}u`, entries)} }`;
        };
        source.add(
          `{ let r = row0 + ${Math.floor(i / 4) * grid * 4 + i % 4}u + y * 4u; let c = column0 + ${
            q * grid * 4
          }u + x * 4u;
if (r < ${rows}u) { let at = ${firstInRow} + c; ${[0, 1, 2, 3].map(store).join(" ")} } }`,
        );
      }
    }
  };
  /** The same in a loop: the threads share the tile's entries anew. */
  const addSlicesAndStore = () => {
    source.add(each((i, q) => `${summed("slice", "lane", `${i * quads + q}u`)} = c_${i}_${q};`));
    source.add("workgroupBarrier();");
    source.block(`for (var e = local; e < ${height * width / apart}u; e += ${threads * slices}u)`, () => {
      source.add(`let rr = e / ${width}u * ${apart}u; let cc = e % ${width}u;
let r = row0 + rr; let c = column0 + cc;
let of_lane = rr / 4u % ${grid}u * ${grid}u + cc / 4u % ${grid}u;
let of_vector = (rr / ${grid * 4}u * 4u + rr % 4u) * ${quads}u + cc / ${grid * 4}u;`);
      const entries = alongPieces((piece) =>
        Array.from(
          { length: slices },
          (_, slice) => `${summed(`${slice}u`, "of_lane", `of_vector + ${piece * quads}u`)}[cc % 4u]`,
        ).join(" + ")
      );
      source.add(`if (r < ${rows}u && c < ${columns}u) { ${end(`${firstInRow} + c`, entries)} }`);
    });
  };
  if (profile.unrolls) {
    if (slices > 1) addSlices();
    storeOwn();
  } else addSlicesAndStore();
  const head = `let batch = group.z % ${batch}u; let group_piece = group.z / ${batch}u;
let slice = local / ${threads}u; let lane = local % ${threads}u; let x = lane % ${grid}u; let y = lane / ${grid}u;
let column0 = group.x * ${width}u; let row0 = group.y * ${height}u;
let k_end = min(${terms}u, (group_piece + 1u) * ${share}u);`;
  const vectors = Math.max(
    firstB.first + slices * depth * stride(firstB),
    (profile.unrolls ? slices - 1 : slices) * threads * tall * quads,
  );
  const what =
    `product of ${batch} x ${rows} x ${columns} over ${terms}: ${height} x ${width} in ${slices} slices, ` +
    `${pieces} pieces${finish ? `, finished by ${finish.members.map(({ op }) => op).join(" ")}` : ""}`;
  return {
    what,
    body: `${head}\n${source}`,
    ...(ends ? { finish: ends } : {}),
    shared: [{ name: "tile", type: "vec4f", size: vectors }],
    reads: places.reads,
    writes: finish?.results ?? [value],
    groups: [Math.ceil(columns / width), Math.ceil(rows / height), batch * pieces],
  };
}

/** What is done with entries of a product, one of each piece that the loop takes it apart into, as a function. */
function finishing(
  product: Value,
  loop: FusedLoop,
  places: TensorTable,
): { readonly parameters: string; readonly body: string } {
  const body = new Source(), given = new Map<Value, string>();
  const size = sizeOf(loop.shape), apart = sizeOf(product.shape) / size;
  for (const { value } of loop.members.flatMap((member) => leaves(member, GPU_RULES))) {
    const { of, offset } = ownerOf(value);
    if (of === product) given.set(value, `piece_${offset / size}`);
  }
  storeEntries(loop, "i", body, places, given);
  const pieces = Array.from({ length: apart }, (_, piece) => `piece_${piece}: f32`);
  return { parameters: ["i: u32", ...pieces].join(", "), body: `${body}` };
}
