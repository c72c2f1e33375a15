import type { Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { FusedLoop } from "../../program/fuse.ts";
import { isReduction, reducedAxes } from "../rules.ts";
import type { Profile } from "../profile.ts";
import { TensorPlace } from "./tensor_place.ts";
import { type GpuKernel, type Groups, inARow, type SharedArray } from "./kernel.ts";
import { Reader, type Tensors } from "./reader.ts";
import { float, Source } from "./source.ts";

/** Elementwise operations, and the reductions that they may end in, as one kernel. */

/** Where tensors lie, as far as a kernel's source depends on it. */
export type Memories = Omit<Tensors, "address" | "offset">;

/** Offsets that a kernel is told; others stand in its code. */
const MOST_OFFSETS = 16;

/**
 * What a kernel is told: the places of the tensors that it reads, in the order in which it first asks for them, and how
 * far into others it reads. So kernels that read other parts of the same tensors, as time steps do, are the same.
 */
export class TensorTable implements Tensors {
  readonly reads: (Value | number)[] = [];
  readonly #names = new Map<Value, string>();
  readonly #offsets = new Map<Value, string>();
  readonly #memories: Memories;

  constructor(memories: Memories) {
    this.#memories = memories;
  }

  address(value: Value): string {
    let name = this.#names.get(value);
    if (name === undefined) this.#names.set(value, name = this.#told(value));
    return name;
  }

  offset(part: Value, entries: number): string {
    let name = this.#offsets.get(part);
    if (name === undefined) {
      name = entries === 0 || this.#offsets.size === MOST_OFFSETS ? `${entries}u` : this.#told(entries);
      this.#offsets.set(part, name);
    }
    return name;
  }

  #told(value: Value | number): string {
    return `at_${this.reads.push(value) - 1}`;
  }

  memory(owner: Value) {
    return this.#memories.memory(owner);
  }

  pieces(owner: Value) {
    return this.#memories.pieces(owner);
  }
}

/** The kernel of a loop. */
export function loopKernel(loop: FusedLoop, memories: Memories, profile: Profile): GpuKernel {
  const reductions = loop.members.filter(isReduction);
  return reductions.length > 0
    ? reductionKernel(loop, reductions, memories, profile)
    : entriesKernel(loop, memories, profile);
}

/** A loop without reductions: one thread for each entry. */
function entriesKernel(loop: FusedLoop, memories: Memories, { width }: Profile): GpuKernel {
  const { shape, members, results } = loop;
  const source = new Source(), places = new TensorTable(memories);
  const { groups, thread } = inARow(sizeOf(shape), width);
  source.add(`let i = ${thread};`);
  source.block(`if (i < ${sizeOf(shape)}u)`, () => storeEntries(loop, "i", source, places));
  return {
    what: named(shape, members),
    body: `${source}`,
    shared: [],
    reads: places.reads,
    writes: results,
    groups,
  };
}

/** Computes and stores what a loop does for the entry of a number. @param given expressions for what need not be read */
export function storeEntries(
  { shape, members, results }: FusedLoop,
  entry: string,
  source: Source,
  places: TensorTable,
  given: ReadonlyMap<Value, string> = new Map(),
): void {
  const reader = new Reader(source, places);
  given.forEach((expression, value) => reader.computed.set(value, expression));
  computeAll(members, reader, new TensorPlace(source, shape, { linear: entry }));
  results.forEach((value, n) =>
    source.add(`${places.memory(value)}[to_${n} + ${entry}] = ${reader.computed.get(value)};`)
  );
}

/** What a loop does, in a line. */
function named(shape: readonly number[], members: readonly Value[]): string {
  return `[${shape}]: ${members.map(({ op }) => op).join(" ")}`;
}

/** Computes what a loop computes, sums aside, for the entry at a place. */
function computeAll(members: readonly Value[], reader: Reader, at: TensorPlace): void {
  for (const member of members) {
    if (!isReduction(member)) reader.computed.set(member, reader.compute(member, at));
  }
}

/** How a reduction's entries become one. */
const COMBINE: Readonly<Record<string, { start: number; both: (a: string, b: string) => string }>> = {
  ReduceSum: { start: 0, both: (a, b) => `${a} + ${b}` },
  ReduceProd: { start: 1, both: (a, b) => `${a} * ${b}` },
  ReduceMax: { start: -Infinity, both: (a, b) => `maximum(${a}, ${b})` },
  ReduceMin: { start: Infinity, both: (a, b) => `minimum(${a}, ${b})` },
};

/** The most entries that are reduced by one thread alone. */
const FEW = 32;
/** The most pieces of a sum. */
const MOST_PIECES = 128;
/** Columns that a workgroup of a reduction along the first axes has. */
const COLUMNS = 16;

/** How the work of a reduction is shared out. */
interface Shares {
  /** Entries of the result, and entries that each is made of. */
  readonly kept: number;
  readonly reduced: number;
  /** Whether the last axis, along which memory is read, is reduced. */
  readonly alongRows: boolean;
  /** Parts of the reduced entries, each with a result of its own. */
  readonly pieces: number;
}

/** Shares out a reduction. @param axes those that are reduced, in rising order */
function sharesOf(shape: readonly number[], axes: readonly number[], profile: Profile): Shares {
  const reduced = sizeOf(axes.map((axis) => shape[axis]!)), kept = sizeOf(shape) / reduced;
  const last = shape.findLastIndex((side) => side > 1);
  const alongRows = axes.includes(last);
  const workgroups = alongRows ? kept : Math.ceil(kept / COLUMNS);
  // Each thread should have some entries, and each workgroup enough of them.
  const least = (alongRows ? profile.width : profile.width / COLUMNS) * 8;
  const pieces = Math.min(
    MOST_PIECES,
    Math.floor(profile.workgroups / workgroups),
    Math.floor(reduced / least),
  );
  return { kept, reduced, alongRows, pieces: Math.max(1, pieces) };
}

/** The pieces that a reduction is computed in, to be added up by who reads it. */
export function reductionPieces(value: Value, profile: Profile): number {
  if (value.op !== "ReduceSum") return 1;
  return sharesOf(value.operands[0]!.shape, reducedAxes(value), profile).pieces;
}

/** Threads for a row of so many entries: some entries each, and whole groups of 32. */
function rowWidth(entries: number, profile: Profile): number {
  let width = 32;
  while (width < profile.width && width * 4 < entries) width *= 2;
  return width;
}

function reductionKernel(
  { shape, members, results }: FusedLoop,
  reductions: readonly Value[],
  memories: Memories,
  profile: Profile,
): GpuKernel {
  const axes = reducedAxes(reductions[0]!);
  const shares = sharesOf(shape, axes, profile), { kept, reduced, alongRows } = shares;
  // Only sums are in pieces: who reads them adds these up.
  const pieces = reductions[0]!.op === "ReduceSum" ? shares.pieces : 1;
  const share = Math.ceil(reduced / pieces);
  const source = new Source(), places = new TensorTable(memories);
  const reader = new Reader(source, places);

  const visit = (first: string, end: string, step: string): void => {
    const sums = reductions.map((value, n) => `sum_${n}_${value.op}`);
    reductions.forEach(({ op }, n) => source.add(`var ${sums[n]} = ${float(COMBINE[op]!.start)};`));
    source.block(`for (var j = ${first}; j < ${end}; j += ${step})`, () => {
      const at = coordinates(source, shape, axes, "k", "j");
      computeAll(members, reader, at);
      reductions.forEach((value, n) => {
        const entry = reader.operand(value.operands[0]!, at);
        source.add(`${sums[n]} = ${COMBINE[value.op]!.both(sums[n]!, entry)};`);
      });
      results.forEach((value, n) => {
        if (isReduction(value)) return;
        source.add(`${memories.memory(value)}[to_${n} + ${at.linear}] = ${reader.computed.get(value)};`);
      });
      reader.computed.clear();
    });
  };
  const store = (from: (reduction: number) => string) =>
    results.forEach((value, n) => {
      if (!isReduction(value)) return;
      const total = from(reductions.indexOf(value));
      source.add(`${memories.memory(value)}[to_${n} + piece * ${kept}u + k] = ${total};`);
    });
  const finish = (head: string, groups: Groups, shared: readonly SharedArray[]): GpuKernel => ({
    what: named(shape, members),
    body: `${head}\n${source}`,
    shared,
    reads: places.reads,
    writes: results,
    groups,
  });
  const { width } = profile;

  if (pieces === 1 && (reduced <= FEW || !alongRows && kept >= profile.workgroups * profile.width)) {
    const { groups, thread } = inARow(kept, width);
    // A loop from 0 is written out by whoever compiles it, which takes a processor long; the only piece is 0 as well.
    const [piece, first] = profile.unrolls ? ["0u", "0u"] : ["group.z", "piece"];
    visit(first, `${reduced}u`, "1u");
    store((n) => `sum_${n}_${reductions[n]!.op}`);
    return finish(`let piece = ${piece};\nlet k = ${thread};\nif (k >= ${kept}u) { return; }`, groups, []);
  }

  // A row has threads beside each other, a column every n-th of the workgroup's.
  const threads = alongRows ? rowWidth(share, profile) : width / COLUMNS, distance = alongRows ? 1 : COLUMNS;
  const here = width / threads;
  const shared = reductions.map((_, n): SharedArray => ({ name: `shared_${n}`, type: "f32", size: width }));
  visit("select(end, first, kept_here)", "end", `${threads}u`);
  // Adds up what neighbours have, until the first has all.
  reductions.forEach((value, n) => source.add(`shared_${n}[local] = sum_${n}_${value.op};`));
  source.add("workgroupBarrier();");
  for (let half = threads / 2; half >= 1; half /= 2) {
    source.block(`if (lane < ${half}u)`, () => {
      reductions.forEach(({ op }, n) => {
        const [a, b] = [`shared_${n}[local]`, `shared_${n}[local + ${half * distance}u]`];
        source.add(`shared_${n}[local] = ${COMBINE[op]!.both(a, b)};`);
      });
    });
    source.add("workgroupBarrier();");
  }
  source.block("if (lane == 0u && kept_here)", () => store((n) => `shared_${n}[local]`));
  const [own, lane] = alongRows
    ? [`local / ${threads}u`, `local % ${threads}u`]
    : [`local % ${here}u`, `local / ${here}u`];
  const head = `let piece = group.z;
let k = group.x * ${here}u + ${own};
let lane = ${lane};
let kept_here = k < ${kept}u;
let first = piece * ${share}u + lane;
let end = min(${reduced}u, (piece + 1u) * ${share}u);`;
  return finish(head, [Math.ceil(kept / here), 1, pieces], shared);
}

/** The place whose kept axes are those of entry `kept`, and whose reduced axes are those of entry `reduced`. */
function coordinates(
  source: Source,
  shape: readonly number[],
  axes: readonly number[],
  kept: string,
  reduced: string,
): TensorPlace {
  const of = (list: readonly number[]) => list.map((axis) => shape[axis]!);
  const others = shape.flatMap((_, axis) => axes.includes(axis) ? [] : [axis]);
  const inner = new TensorPlace(source, of(axes), { linear: reduced });
  const outer = new TensorPlace(source, of(others), { linear: kept });
  const places = shape.map((_, axis) =>
    axes.includes(axis) ? inner.axis(axes.indexOf(axis)) : outer.axis(others.indexOf(axis))
  );
  const isEnd = axes.every((axis, i) => axis === shape.length - axes.length + i);
  const isStart = axes.every((axis, i) => axis === i);
  const linear = isEnd
    ? source.let(`${kept} * ${sizeOf(of(axes))}u + ${reduced}`, "i")
    : isStart
    ? source.let(`${reduced} * ${sizeOf(of(others))}u + ${kept}`, "i")
    : undefined;
  return new TensorPlace(source, shape, linear === undefined ? { axes: places } : { linear, axes: places });
}
