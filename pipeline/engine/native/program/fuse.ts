import { inOrder } from "../../graph/transform.ts";
import { sameShape, type Value } from "../../graph/value.ts";
import { LOOP_OPERATIONS } from "./loop_operations.ts";
import { aliasOf, isAssembled, isGiven, ownerOf } from "./storage.ts";
import { frameOf, stridedViewOf } from "./strided_view.ts";

/** Elementwise operations over the same entries, to be one loop; `results` are what others read of them. */
export interface FusedLoop {
  readonly kind: "loop";
  readonly shape: readonly number[];
  readonly members: Value[];
  readonly results: Value[];
}

/** Any other operator, for ONNX Runtime. */
export interface LibraryCall {
  readonly kind: "call";
  readonly value: Value;
}

/** One step of a program, before it knows addresses. */
export type Instruction = FusedLoop | LibraryCall;

/** A loop of more members or more tensors runs out of registers. */
const MOST_MEMBERS = 40, MOST_TENSORS = 24;

/** Whether a loop can compute the value's entries; truth values, which are never stored, only for itself. */
function isElementwise(value: Value): boolean {
  if (isOutcome(value) || stridedViewOf(value)) return true;
  if (LOOP_OPERATIONS[value.op] === undefined) return false;
  if (value.op === "Cast" && value.operands[0]!.dtype !== "bool") return false;
  if (value.dtype !== "float32" && value.dtype !== "bool") return false;
  return operandsRead(value).every((operand) => operand.dtype === "float32" || isMask(operand));
}

/** Whether the value is a tensor of truths that each loop computes anew where it needs it. */
export function isMask(value: Value): boolean {
  return value.dtype === "bool" && isElementwise(value);
}

/** Whether the value is a sum over some axes that a loop can end in: of floats that lie somewhere or are computed. */
export function isSum({ op, dtype, operands }: Value): boolean {
  return op === "ReduceSum" && dtype === "float32" && operands[0]!.op !== "Fill";
}

/** Whether nobody can read the value before its loop's end: a sum, or entries in a frame of zeros. */
function isOutcome(value: Value): boolean {
  return isSum(value) || frameOf(value) !== undefined;
}

/** The axes that a loop for the value runs over. */
const iterated = (value: Value) => isOutcome(value) ? value.operands[0]!.shape : value.shape;

/** The operands whose entries a loop reads: others say only how. */
export function operandsRead(value: Value): readonly Value[] {
  const readsFirst = value.op === "Expand" || isOutcome(value) || stridedViewOf(value);
  return readsFirst ? value.operands.slice(0, 1) : value.operands;
}

/** The floats that the value is computed from, through the masks between. */
function leaves(value: Value): Value[] {
  return operandsRead(value).flatMap((operand) => isMask(operand) ? leaves(operand) : [operand]);
}

/**
 * The instructions that compute the outputs, each after those that it needs.
 *
 * Every elementwise operation joins the loop of the first that reads it, if it is one over the same entries: so it
 * is computed as late as can be, and is not kept for long. Then loops over the same tensors become one, where all
 * that the later one reads is there before the earlier one starts.
 */
export function schedule(outputs: readonly Value[]): Instruction[] {
  const values = inOrder(outputs);
  const stored = storedMasks(values);
  const isInlined = (value: Value) => isMask(value) && !stored.has(value);

  const reversed: Instruction[] = [];
  /** Where in `reversed` the first instruction that reads a value stands. */
  const first = new Map<Value, number>();
  const note = (value: Value, at: number) => first.set(value, Math.max(first.get(value) ?? -1, at));
  /** Where the first loop stands that reads a value in another order: all its entries must be there before. */
  const reordered = new Map<Value, number>();
  for (const value of values.toReversed()) {
    const reader = first.get(value) ?? -1;
    if (isGiven(value)) continue;
    if (aliasOf(value) || isAssembled(value) || value.op === "Split") {
      for (const operand of value.operands) note(operand, reader);
      continue;
    }
    if (isInlined(value)) continue;
    const isLoop = isElementwise(value) && !stored.has(value);
    const loop = reversed[reader];
    const at = isLoop && !isOutcome(value) && loop?.kind === "loop" && fits(loop, value) &&
        reordered.get(value) !== reader
      ? reader
      : reversed.length;
    if (at === reversed.length) {
      reversed.push(
        isLoop ? { kind: "loop", shape: iterated(value), members: [], results: [] } : { kind: "call", value },
      );
    }
    if (isLoop) (reversed[at] as FusedLoop).members.unshift(value);
    for (const operand of isLoop ? leaves(value) : value.operands) note(operand, at);
    if (isLoop && stridedViewOf(value)) {
      const [source] = value.operands;
      reordered.set(source!, Math.max(reordered.get(source!) ?? -1, at));
    }
  }
  const instructions = merged(reversed.toReversed());
  findResults(instructions, values.filter((value) => !isInlined(value)), outputs);
  return instructions;
}

function fits(loop: FusedLoop, value: Value): boolean {
  return sameShape(loop.shape, iterated(value)) && loop.members.length < MOST_MEMBERS &&
    tensorsRead([...loop.members, value]).length <= MOST_TENSORS;
}

/** Joins each loop to an earlier one that reads one of its tensors, where nothing that it needs lies between. */
function merged(instructions: readonly Instruction[]): Instruction[] {
  const kept: Instruction[] = [];
  const positions = new Map<Value, number>();
  const readers = new Map<Value, number>();
  const position = (value: Value): number => {
    if (isGiven(value)) return -1;
    const alias = aliasOf(value);
    if (alias) return position(alias.of);
    if (isAssembled(value)) return Math.max(...value.operands.map(position));
    return positions.get(value)!;
  };
  for (const instruction of instructions) {
    let at = kept.length;
    if (instruction.kind === "loop") {
      const read = tensorsRead(instruction.members);
      const reader = Math.max(
        -1,
        ...read.map((leaf) => Math.max(readers.get(ownerOf(leaf).of) ?? -1, positions.get(leaf) ?? -1)),
      );
      const earlier = kept[reader];
      const reordered = new Set(
        instruction.members.filter(stridedViewOf).map(({ operands }) => operands[0]!),
      );
      const isInside = (leaf: Value) =>
        earlier?.kind === "loop" && earlier.members.includes(leaf) && !isOutcome(leaf) &&
        !reordered.has(leaf);
      const joins = earlier?.kind === "loop" && sameShape(earlier.shape, instruction.shape) &&
        read.every((leaf) => position(leaf) < reader || isInside(leaf)) &&
        earlier.members.length + instruction.members.length <= MOST_MEMBERS &&
        tensorsRead([...earlier.members, ...instruction.members]).length <= MOST_TENSORS;
      if (joins) {
        at = reader;
        earlier.members.push(...instruction.members);
      } else kept.push(instruction);
      for (const leaf of read) {
        readers.set(ownerOf(leaf).of, Math.max(at, readers.get(ownerOf(leaf).of) ?? -1));
      }
      for (const member of instruction.members) positions.set(member, at);
    } else {
      kept.push(instruction);
      positions.set(instruction.value, at);
    }
  }
  return kept;
}

/** Masks that an operator of ONNX Runtime reads. */
function storedMasks(values: readonly Value[]): Set<Value> {
  const stored = new Set<Value>();
  for (const value of values.toReversed()) {
    if (isElementwise(value) && !stored.has(value)) continue;
    for (const operand of value.operands) if (isMask(operand)) stored.add(operand);
  }
  return stored;
}

/** The tensors that a loop of these members reads from memory. */
export function tensorsRead(members: readonly Value[]): Value[] {
  const own = new Set(members);
  return [...new Set(members.flatMap(leaves).filter((leaf) => leaf.op !== "Fill" && !own.has(leaf)))];
}

/** Fills in what each loop must store: what is an output or read outside of it. */
function findResults(
  instructions: readonly Instruction[],
  values: readonly Value[],
  outputs: readonly Value[],
): void {
  const loopOf = new Map<Value, FusedLoop>();
  for (const instruction of instructions) {
    if (instruction.kind === "loop") {
      for (const member of instruction.members) loopOf.set(member, instruction);
    }
  }
  const results = new Set(outputs);
  for (const value of values) {
    const read = loopOf.has(value) ? leaves(value) : value.operands;
    for (const operand of read) if (loopOf.get(operand) !== loopOf.get(value)) results.add(operand);
  }
  for (const [value, loop] of loopOf) if (results.has(value) || isOutcome(value)) loop.results.push(value);
}
