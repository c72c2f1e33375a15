import { sizeOf } from "../../base/shape.ts";
import type { Value } from "../graph/value.ts";
import { type Instruction, writtenBy } from "./fuse.ts";
import { isAssembled, ownerOf } from "./storage.ts";

/** Bytes of a cache line, and of a vector of AVX-512. */
export const ALIGNMENT = 64;

/** Bytes rounded up to whole cache lines. */
export function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** What a back end stores, and how. */
export interface LayoutRules {
  /** The tensors that an instruction reads from memory. */
  reads(instruction: Instruction): readonly Value[];
  /** Bytes of one entry of a tensor. */
  entryBytes(value: Value): number;
  /** How many times as much as its entries take a tensor takes. */
  copies?(value: Value): number;
}

/** Where a tensor lies, in bytes; each part of the batch has its own, `stride` bytes after the one before. */
export interface Placement {
  /** The number of one of the back end's memories; the program's own is 0. */
  readonly memory: number;
  readonly address: number;
  readonly stride: number;
}

/** Where everything lies that is not an intermediate result. */
export interface FixedPlacements {
  /** Where the input (or parameter) of that name lies. */
  input(name: string): Placement;
  /** Where each output lies, in order. */
  readonly outputs: readonly Placement[];
}

/** Where every tensor of a program lies. */
export interface Layout {
  /** Where the value lies, an alias within its owner. */
  placement(value: Value): Placement;
  /** How large the program's own memory must be. */
  readonly bytes: number;
  /** Tensors that never change, to be written there once. */
  readonly constants: readonly Value[];
}

/**
 * Gives every tensor its place. Intermediate results share memory where one is over before the next begins; each
 * part of the batch has a memory of its own for them, because parts run at once.
 *
 * @param rounds instructions that run at once, round after round
 * @param kept what is read when all is done
 * @param start first free byte of the program's own memory
 */
export function layOut(
  rounds: readonly (readonly Instruction[])[],
  outputs: readonly Value[],
  kept: readonly Value[],
  fixed: FixedPlacements,
  parts: number,
  start: number,
  rules: LayoutRules,
): Layout {
  const placements = new Map<Value, Placement>();
  const reads = rounds.map((round) => round.flatMap(rules.reads));
  const writes = rounds.map((round) => round.flatMap(writtenBy));
  const bytesOf = (value: Value) =>
    sizeOf(value.shape) * rules.entryBytes(value) * (rules.copies?.(value) ?? 1);

  outputs.forEach((value, i) => placements.set(ownerOf(value).of, fixed.outputs[i]!));
  const within = new Map<Value, { whole: Value; offset: number }>();
  const assembled = new Set<Value>();
  const assemble = (value: Value): void => {
    const { of } = ownerOf(value);
    if (!isAssembled(of) || assembled.has(of)) return;
    assembled.add(of);
    let offset = 0;
    for (const piece of of.operands) {
      within.set(ownerOf(piece).of, { whole: of, offset });
      offset += sizeOf(piece.shape) * rules.entryBytes(piece);
      assemble(piece);
    }
  };
  [...outputs, ...kept, ...reads.flat()].forEach(assemble);

  /** The tensor whose memory it is, and where in it the value lies. */
  const root = (value: Value): { of: Value; offset: number } => {
    const { of, offset } = ownerOf(value);
    const bytes = offset * rules.entryBytes(value);
    const outer = within.get(of);
    if (outer === undefined) return { of, offset: bytes };
    const { of: whole, offset: before } = root(outer.whole);
    return { of: whole, offset: before + outer.offset + bytes };
  };

  const constants = new Set<Value>();
  const lives = new Map<Value, Life>();
  const touch = (value: Value, position: number) => {
    const { of } = root(value);
    if (placements.has(of) || of.op === "Fill") return;
    if (of.op === "Input") placements.set(of, fixed.input(of.name!));
    else if (of.op === "Constant") constants.add(of);
    else {
      const life = lives.get(of);
      if (life) life.last = position;
      else lives.set(of, { bytes: bytesOf(of), first: position, last: position });
    }
  };
  rounds.forEach((_, position) => {
    for (const value of writes[position]!) touch(value, position);
    for (const value of reads[position]!) touch(value, position);
  });
  for (const value of kept) touch(value, rounds.length);

  let end = start;
  for (const value of constants) {
    placements.set(value, { memory: 0, address: end, stride: 0 });
    end += aligned(bytesOf(value));
  }
  const plan = pack([...lives.values()]);
  for (const [value, life] of lives) {
    placements.set(value, { memory: 0, address: end + plan.offsets.get(life)!, stride: plan.bytes });
  }
  return {
    placement(value) {
      const { of, offset } = root(value);
      const { memory, address, stride } = placements.get(of)!;
      return { memory, address: address + offset, stride };
    },
    bytes: end + plan.bytes * parts,
    constants: [...constants],
  };
}

/** How long a tensor is needed: the first and the last round that touches it. */
interface Life {
  readonly bytes: number;
  readonly first: number;
  last: number;
}

/** Bytes kept free behind a tensor of whole pages, or all of them would begin in the same few lines of the cache. */
const STAGGER = 3 * ALIGNMENT;

/** Finds offsets at which tensors that live at once do not overlap: large ones first, each as low as it fits. */
function pack(lives: readonly Life[]): { offsets: Map<Life, number>; bytes: number } {
  const offsets = new Map<Life, number>();
  const placed: { life: Life; from: number; to: number }[] = []; // in order of `from`
  let bytes = 0;
  for (const life of lives.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first)) {
    let from = 0;
    for (const other of placed) {
      if (other.life.last < life.first || other.life.first > life.last) continue;
      if (other.from >= from + life.bytes) break;
      from = Math.max(from, other.to);
    }
    const to = from + aligned(life.bytes) + (life.bytes < 4096 ? 0 : STAGGER);
    const next = placed.findIndex((other) => other.from > from);
    placed.splice(next < 0 ? placed.length : next, 0, { life, from, to });
    offsets.set(life, from);
    bytes = Math.max(bytes, to);
  }
  return { offsets, bytes };
}
