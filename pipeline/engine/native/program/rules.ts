import type { Graph } from "../../graph/graph.ts";
import { BYTES, type Value } from "../../graph/value.ts";
import { encodeEntries } from "../../onnx/encode.ts";
import { gathered } from "../../onnx/rewrite.ts";
import { readBy } from "../../program/fuse.ts";
import type { Layout, LayoutRules } from "../../program/layout.ts";
import type { FusionRules } from "../../program/rules.ts";
import { LOOP_OPERATIONS } from "./loop_operations.ts";
import { frameOf, stridedViewOf } from "./strided_view.ts";

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

/** A sum, or entries in a frame of zeros. */
function isOutcome(value: Value): boolean {
  return isSum(value) || frameOf(value) !== undefined;
}

/** The operands whose entries a loop reads: others say only how. */
export function operandsRead(value: Value): readonly Value[] {
  const readsFirst = value.op === "Expand" || isOutcome(value) || stridedViewOf(value);
  return readsFirst ? value.operands.slice(0, 1) : value.operands;
}

/** What WebAssembly loops can do. */
export const NATIVE_RULES: FusionRules = {
  isElementwise,
  isInlined: isMask,
  callsInline: false,
  isOutcome,
  isReordered: (value) => stridedViewOf(value) !== undefined,
  operandsRead,
  fits: (members, tensors) => members.length <= MOST_MEMBERS && tensors <= MOST_TENSORS,
};

/** How tensors lie in a program's memory. */
export const NATIVE_LAYOUT: LayoutRules = {
  reads: (instruction) => readBy(instruction, NATIVE_RULES),
  entryBytes: ({ dtype }) => BYTES[dtype],
};

/** A gather in place of a view that no loop can read along. */
export function spelt(
  graph: Graph,
  value: Value,
  rebuilt: (operand: Value) => Value,
): Value | undefined {
  if (value.op !== "Strided" || stridedViewOf(value)) return undefined;
  return gathered(graph, rebuilt(value.operands[0]!), value);
}

/** Writes the constants where they are to lie. */
export function writeConstants(layout: Layout, memory: WebAssembly.Memory): void {
  for (const value of layout.constants) {
    new Uint8Array(memory.buffer).set(
      encodeEntries(value.data!, value.dtype),
      layout.placement(value).address,
    );
  }
}
