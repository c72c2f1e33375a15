import { inOrder, sameShape, type Value } from "../../graph/graph.ts";
import { OPERATIONS } from "./operations.ts";
import { isAssembled, isGiven, owner, viewed } from "./storage.ts";
import { frameOf, walkOf } from "./strided_view.ts";

/** Elementwise operations over the same entries, to be one loop; `results` are what others read of them. */
export interface Group {
  readonly kind: "group";
  readonly shape: readonly number[];
  readonly members: Value[];
  readonly results: Value[];
}

/** Any other operator, for ONNX Runtime. */
export interface Call {
  readonly kind: "call";
  readonly value: Value;
}

export type Instruction = Group | Call;

/** So many members or tensors make a loop that runs out of registers. */
const MOST_MEMBERS = 40, MOST_TENSORS = 24;

/** Whether the value's entries can be computed in a loop. Of booleans, which are never stored, only within one. */
function isElementwise(value: Value): boolean {
  if (isOutcome(value) || walkOf(value)) return true;
  if (OPERATIONS[value.op] === undefined) return false;
  if (value.op === "Cast" && value.operands[0]!.dtype !== "bool") return false;
  if (value.dtype !== "float32" && value.dtype !== "bool") return false;
  return operandsRead(value).every((operand) => operand.dtype === "float32" || isMask(operand));
}

/** A truth value that is computed anew in each loop that needs it. */
export function isMask(value: Value): boolean {
  return value.dtype === "bool" && isElementwise(value);
}

/** A sum over some axes. */
export function isSum({ op, dtype, operands }: Value): boolean {
  return op === "ReduceSum" && dtype === "float32" && operands[0]!.op !== "Splat";
}

/** What a loop makes of its entries and nobody can read before its end: a sum, or the entries in a frame of zeros. */
function isOutcome(value: Value): boolean {
  return isSum(value) || frameOf(value) !== undefined;
}

/** The axes that a loop for the value runs over. */
const iterated = (value: Value) => isOutcome(value) ? value.operands[0]!.shape : value.shape;

/** The operands whose entries a loop reads: others say only how. */
export function operandsRead(value: Value): readonly Value[] {
  const isOfFirst = value.op === "Expand" || isOutcome(value) || walkOf(value);
  return isOfFirst ? value.operands.slice(0, 1) : value.operands;
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
  /** Of the first instruction that reads the value: how many follow it. */
  const first = new Map<Value, number>();
  const note = (value: Value, at: number) => first.set(value, Math.max(first.get(value) ?? -1, at));
  /** The first loop that reads the value in another order: its entries must all be there before. */
  const walked = new Map<Value, number>();
  for (const value of values.toReversed()) {
    const reader = first.get(value) ?? -1;
    if (isGiven(value)) continue;
    if (viewed(value) || isAssembled(value) || value.op === "Split") {
      for (const operand of value.operands) note(operand, reader);
      continue;
    }
    if (isInlined(value)) continue;
    const isLoop = isElementwise(value) && !stored.has(value);
    const group = reversed[reader];
    const at = isLoop && !isOutcome(value) && group?.kind === "group" && fits(group, value) &&
        walked.get(value) !== reader
      ? reader
      : reversed.length;
    if (at === reversed.length) {
      reversed.push(
        isLoop
          ? { kind: "group", shape: iterated(value), members: [], results: [] }
          : { kind: "call", value },
      );
    }
    if (isLoop) (reversed[at] as Group).members.unshift(value);
    for (const operand of isLoop ? leaves(value) : value.operands) note(operand, at);
    if (isLoop && walkOf(value)) {
      const [source] = value.operands;
      walked.set(source!, Math.max(walked.get(source!) ?? -1, at));
    }
  }
  const instructions = merged(reversed.toReversed());
  findResults(instructions, values.filter((value) => !isInlined(value)), outputs);
  return instructions;
}

function fits(group: Group, value: Value): boolean {
  return sameShape(group.shape, iterated(value)) && group.members.length < MOST_MEMBERS &&
    tensorsRead([...group.members, value]).length <= MOST_TENSORS;
}

/** Joins each loop to an earlier one that reads one of its tensors, where nothing that it needs lies between. */
function merged(instructions: readonly Instruction[]): Instruction[] {
  const kept: Instruction[] = [];
  const positions = new Map<Value, number>();
  const readers = new Map<Value, number>();
  const position = (value: Value): number => {
    if (isGiven(value)) return -1;
    const view = viewed(value);
    if (view) return position(view.of);
    if (isAssembled(value)) return Math.max(...value.operands.map(position));
    return positions.get(value)!;
  };
  for (const instruction of instructions) {
    let at = kept.length;
    if (instruction.kind === "group") {
      const read = tensorsRead(instruction.members);
      const reader = Math.max(
        -1,
        ...read.map((leaf) => Math.max(readers.get(owner(leaf).of) ?? -1, positions.get(leaf) ?? -1)),
      );
      const earlier = kept[reader];
      const walked = new Set(instruction.members.filter(walkOf).map(({ operands }) => operands[0]!));
      const isInside = (leaf: Value) =>
        earlier?.kind === "group" && earlier.members.includes(leaf) && !isOutcome(leaf) && !walked.has(leaf);
      const joins = earlier?.kind === "group" && sameShape(earlier.shape, instruction.shape) &&
        read.every((leaf) => position(leaf) < reader || isInside(leaf)) &&
        earlier.members.length + instruction.members.length <= MOST_MEMBERS &&
        tensorsRead([...earlier.members, ...instruction.members]).length <= MOST_TENSORS;
      if (joins) {
        at = reader;
        earlier.members.push(...instruction.members);
      } else kept.push(instruction);
      for (const leaf of read) readers.set(owner(leaf).of, Math.max(at, readers.get(owner(leaf).of) ?? -1));
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
  return [...new Set(members.flatMap(leaves).filter((leaf) => leaf.op !== "Splat" && !own.has(leaf)))];
}

function findResults(
  instructions: readonly Instruction[],
  values: readonly Value[],
  outputs: readonly Value[],
): void {
  const groupOf = new Map<Value, Group>();
  for (const instruction of instructions) {
    if (instruction.kind === "group") {
      for (const member of instruction.members) groupOf.set(member, instruction);
    }
  }
  const results = new Set(outputs);
  for (const value of values) {
    const read = groupOf.has(value) ? leaves(value) : value.operands;
    for (const operand of read) if (groupOf.get(operand) !== groupOf.get(value)) results.add(operand);
  }
  for (const [value, group] of groupOf) if (results.has(value) || isOutcome(value)) group.results.push(value);
}
