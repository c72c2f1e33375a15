import { inOrder } from "../graph/transform.ts";
import { sameShape, type Value } from "../graph/value.ts";
import type { FusionRules } from "./rules.ts";
import { aliasOf, isAssembled, isGiven, isGivenConstant, ownerOf } from "./storage.ts";

/** Elementwise operations over the same entries, to be one loop; `results` are what others read of them. */
export interface FusedLoop {
  readonly kind: "loop";
  readonly shape: readonly number[];
  readonly members: Value[];
  readonly results: Value[];
}

/** Any other operator. */
export interface Call {
  readonly kind: "call";
  readonly value: Value;
  /** The loop that its entries go through instead of being stored, for a back end whose operators can. */
  readonly finish?: FusedLoop;
}

/** One step of a program, before it knows addresses. */
export type Instruction = FusedLoop | Call;

/** A tensor that is read, and whether its entries are in another order than those of the loop. */
export interface Leaf {
  readonly value: Value;
  readonly isReordered: boolean;
}

/** The axes that a loop for the value runs over. */
const iterated = (value: Value, { isOutcome }: FusionRules) =>
  isOutcome(value) ? value.operands[0]!.shape : value.shape;

/** The tensors that the value is computed from, through what is inlined between. */
export function leaves(value: Value, rules: FusionRules, isReordered = rules.isReordered(value)): Leaf[] {
  return rules.operandsRead(value).flatMap((operand) =>
    rules.isInlined(operand)
      ? leaves(operand, rules, isReordered || rules.isReordered(operand))
      : [{ value: operand, isReordered }]
  );
}

/**
 * The instructions that compute the outputs, each after those that it needs.
 *
 * Every elementwise operation joins the loop of the first that reads it, if it is one over the same entries: so it
 * is computed as late as can be, and is not kept for long. Then loops over the same tensors become one, where all
 * that the later one reads is there before the earlier one starts.
 */
export function schedule(outputs: readonly Value[], rules: FusionRules): Instruction[] {
  const values = inOrder(outputs);
  const stored = rules.callsInline ? new Set<Value>() : storedForCalls(values, rules);
  const isInlined = (value: Value) => rules.isInlined(value) && !stored.has(value);

  const reversed: Instruction[] = [];
  /** Where in `reversed` the first instruction that reads a value stands. */
  const first = new Map<Value, number>();
  const note = (value: Value, at: number) => first.set(value, Math.max(first.get(value) ?? -1, at));
  /** Where the first loop stands that reads a value in another order: all its entries must be there before. */
  const reordered = new Map<Value, number>();
  const noteReordered = (value: Value, at: number) =>
    reordered.set(value, Math.max(reordered.get(value) ?? -1, at));
  for (const value of values.toReversed()) {
    const reader = first.get(value) ?? -1;
    if (isGiven(value) || isInlined(value)) continue;
    if (aliasOf(value) || isAssembled(value) || value.op === "Split") {
      for (const operand of value.operands) {
        note(operand, reader);
        if (reordered.has(value)) noteReordered(operand, reordered.get(value)!);
        // A part of a tensor can be read at entries where the tensor's own are not there yet.
        if (!sameShape(operand.shape, value.shape)) noteReordered(operand, reader);
      }
      continue;
    }
    const isLoop = rules.isElementwise(value) && !stored.has(value);
    const loop = reversed[reader];
    const at = isLoop && !rules.isOutcome(value) && loop?.kind === "loop" && fits(loop, [value], rules) &&
        reordered.get(value) !== reader
      ? reader
      : reversed.length;
    if (at === reversed.length) {
      reversed.push(
        isLoop
          ? { kind: "loop", shape: iterated(value, rules), members: [], results: [] }
          : { kind: "call", value },
      );
    }
    if (isLoop) (reversed[at] as FusedLoop).members.unshift(value);
    for (const leaf of readOf(value, isLoop, rules)) {
      note(leaf.value, at);
      if (leaf.isReordered) noteReordered(leaf.value, at);
    }
  }
  const instructions = merged(reversed.toReversed(), rules);
  findResults(instructions, values.filter((value) => !isInlined(value)), outputs, rules);
  return instructions;
}

function readOf(value: Value, isLoop: boolean, rules: FusionRules): readonly Leaf[] {
  return isLoop || rules.callsInline
    ? leaves(value, rules)
    : value.operands.map((operand) => ({ value: operand, isReordered: false }));
}

function fits({ shape, members }: FusedLoop, more: readonly Value[], rules: FusionRules): boolean {
  const all = [...members, ...more];
  return more.every((value) => sameShape(shape, iterated(value, rules))) &&
    rules.fits(all, tensorsRead(all, rules).length);
}

/** Joins each loop to an earlier one that reads one of its tensors, where nothing that it needs lies between. */
function merged(instructions: readonly Instruction[], rules: FusionRules): Instruction[] {
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
      const read = tensorsRead(instruction.members, rules);
      const reader = Math.max(
        -1,
        ...read.map((leaf) => Math.max(readers.get(ownerOf(leaf).of) ?? -1, positions.get(leaf) ?? -1)),
      );
      const earlier = kept[reader];
      const reordered = new Set(
        instruction.members.flatMap((member) => leaves(member, rules)).filter((leaf) => leaf.isReordered)
          .map((leaf) => leaf.value),
      );
      const isInside = (leaf: Value) =>
        earlier?.kind === "loop" && earlier.members.includes(leaf) && !rules.isOutcome(leaf) &&
        !reordered.has(leaf);
      const joins = earlier?.kind === "loop" && fits(earlier, instruction.members, rules) &&
        read.every((leaf) => position(leaf) < reader || isInside(leaf));
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

/** Values that would be inlined but for an operator that reads them as they are. */
function storedForCalls(values: readonly Value[], rules: FusionRules): Set<Value> {
  const stored = new Set<Value>();
  for (const value of values.toReversed()) {
    if (rules.isElementwise(value) && !stored.has(value)) continue;
    for (const operand of value.operands) if (rules.isInlined(operand)) stored.add(operand);
  }
  return stored;
}

/** The tensors that a loop of these members reads from memory. */
function tensorsRead(members: readonly Value[], rules: FusionRules): Value[] {
  const own = new Set(members);
  const read = members.flatMap((member) => leaves(member, rules)).map(({ value }) => value);
  return [...new Set(read.filter((leaf) => leaf.op !== "Fill" && !own.has(leaf)))];
}

/** The tensors that an instruction reads from memory. */
export function readBy(instruction: Instruction, rules: FusionRules): Value[] {
  if (instruction.kind === "loop") return tensorsRead(instruction.members, rules);
  const { value, finish } = instruction;
  if (finish) {
    return tensorsRead([value, ...finish.members], rules).filter((leaf) => ownerOf(leaf).of !== value);
  }
  if (rules.callsInline) return tensorsRead([value], rules);
  return [...new Set(value.operands.filter((value) => !isGivenConstant(value)))];
}

/** The tensors that an instruction stores. */
export function writtenBy(instruction: Instruction): readonly Value[] {
  if (instruction.kind === "loop") return instruction.results;
  return instruction.finish?.results ?? [instruction.value];
}

/** Fills in what each loop must store: what is an output or read outside of it. */
function findResults(
  instructions: readonly Instruction[],
  values: readonly Value[],
  outputs: readonly Value[],
  rules: FusionRules,
): void {
  const loopOf = new Map<Value, FusedLoop>();
  for (const instruction of instructions) {
    if (instruction.kind === "loop") {
      for (const member of instruction.members) loopOf.set(member, instruction);
    }
  }
  const results = new Set(outputs);
  const isAssembly = (value: Value) => aliasOf(value) || isAssembled(value) || value.op === "Split";
  for (const value of values) {
    const read = isAssembly(value)
      ? value.operands
      : readOf(value, loopOf.has(value), rules).map((leaf) => leaf.value);
    for (const operand of read) if (loopOf.get(operand) !== loopOf.get(value)) results.add(operand);
  }
  for (const [value, loop] of loopOf) {
    if (results.has(value) || rules.isOutcome(value)) loop.results.push(value);
  }
}
