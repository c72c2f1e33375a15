import { REDUCTIONS } from "../graph/operations.ts";
import { sameShape, type Value } from "../graph/value.ts";
import { readBy } from "../program/fuse.ts";
import type { LayoutRules } from "../program/layout.ts";
import type { FusionRules } from "../program/rules.ts";
import { aliasOf, isAssembled } from "../program/storage.ts";
import { OPERATIONS } from "./wgsl/operations.ts";

/** What WGSL kernels can do. */

/** More tensors would not fit into a dispatch's record of addresses. */
const MOST_TENSORS = 40;
/** More members make kernels slow to compile. */
const MOST_MEMBERS = 64;

/** Values that only move entries, and say where each comes from. */
const MOVES: ReadonlySet<Value["op"]> = new Set([
  "Concat",
  "Expand",
  "Gather",
  "Output",
  "Pad",
  "Slice",
  "Strided",
  "Tile",
  "Transpose",
]);

/** Reductions that a kernel can end in. */
const OUTCOMES: ReadonlySet<Value["op"]> = new Set(["ReduceSum", ...REDUCTIONS]);

const inlined = new WeakMap<Value, boolean>();

/** Whether the value is nothing but another's entries in another order: who reads it reads those. */
export function isInlined(value: Value): boolean {
  let known = inlined.get(value);
  if (known === undefined) {
    const alias = aliasOf(value);
    if (alias) known = isInlined(alias.of);
    else known = MOVES.has(value.op) && !isAssembled(value);
    inlined.set(value, known);
  }
  return known;
}

/** Whether the value is one entry made of many, along some axes. */
export function isReduction({ op }: Value): boolean {
  return OUTCOMES.has(op);
}

/** The axes along which a reduction runs. */
export function reducedAxes({ op, operands, attributes }: Value): readonly number[] {
  return op === "ReduceSum" ? Array.from(operands[1]!.data!) : attributes.axes as readonly number[];
}

/** The operands whose entries are read: others say only how. */
export function entriesRead(value: Value): readonly Value[] {
  switch (value.op) {
    case "Output":
      return value.operands[0]!.operands.slice(0, 1);
    case "Expand":
    case "Pad":
    case "Reshape":
    case "Slice":
    case "Tile":
    case "CumSum":
      return value.operands.slice(0, 1);
    default:
      return OUTCOMES.has(value.op) ? value.operands.slice(0, 1) : value.operands;
  }
}

/** What kernels can do. */
export const GPU_RULES: FusionRules = {
  isElementwise: (value) => OPERATIONS[value.op] !== undefined || isReduction(value),
  isInlined,
  callsInline: true,
  isOutcome: isReduction,
  isReordered: isInlined,
  operandsRead: entriesRead,
  fits(members, tensors) {
    const [first, ...others] = members.filter(isReduction);
    return members.length <= MOST_MEMBERS && tensors <= MOST_TENSORS &&
      others.every((other) => other.op === first!.op && sameShape(reducedAxes(other), reducedAxes(first!)));
  },
};

/** Every entry is a float32: whole numbers are exact up to 2^24, and true is 1. */
export const GPU_LAYOUT: LayoutRules = {
  reads: (instruction) => readBy(instruction, GPU_RULES),
  entryBytes: () => 4,
};
