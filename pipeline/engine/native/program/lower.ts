import type { Entry, EntryStep } from "../../graph/entrywise.ts";
import { BYTES, rowMajor, sameShape, type Value } from "../../graph/value.ts";
import { sizeOf } from "../../../base/shape.ts";
import type { Assembly } from "./assembly.ts";
import { type FusedLoop, type Instruction, isMask, isSum, operandsRead } from "./fuse.ts";
import { type Layout, type Placement, readBy } from "./layout.ts";
import type { Loop } from "./loop.ts";
import type { Invocation } from "./run.ts";
import type { SparseLoop } from "./sparse_loop.ts";
import { frameOf, type StridedView, stridedViewOf } from "./strided_view.ts";

/** The instructions as invocations, one list for each part of the batch. */
export function lower(
  assembly: Assembly,
  instructions: readonly Instruction[],
  layout: Layout,
  parts: number,
): Invocation[][] {
  const lists = Array.from({ length: parts }, (): Invocation[] => []);
  for (const instruction of instructions) {
    if (instruction.kind === "call") {
      const { value } = instruction, read = readBy(instruction);
      lists.forEach((list, part) => {
        if (value.op === "SparseGemm") {
          list.push(sparseProduct(assembly, layout, value, part));
          return;
        }
        const bytes = (tensor: Value) => bytesAt(assembly, layout, tensor, part);
        const operands = new Map(read.map((operand) => [operand, bytes(operand)]));
        list.push(assembly.call(value, operands, bytes(value)));
      });
    } else {
      const { loop, tensors } = asLoop(instruction, layout);
      lists.forEach((list, part) => {
        const addresses = tensors.map(({ value, offset }) =>
          partAddress(layout.placement(value), part) + offset * 4
        );
        list.push(assembly.loop(loop, addresses));
      });
    }
  }
  return lists;
}

/** A product that skips the zeros of its left operand; the whole of it is set to 0 first. */
function sparseProduct(assembly: Assembly, layout: Layout, value: Value, part: number): Invocation {
  const [left, right] = value.operands as [Value, Value];
  const [rows, columns] = left.shape as [number, number], width = value.shape[1]!;
  const rowsOf = (tensor: Value, isByColumn: boolean) => ({
    memory: layout.placement(tensor).memory,
    perRow: isByColumn ? 0 : width,
    perColumn: isByColumn ? width : 0,
  });
  const isGradient = value.attributes.transA === 1;
  const loop: SparseLoop = {
    rows,
    columns,
    stride: columns,
    width,
    source: rowsOf(right, !isGradient),
    target: rowsOf(value, isGradient),
    cleared: sizeOf(value.shape),
  };
  const addressOf = (tensor: Value) => partAddress(layout.placement(tensor), part);
  return assembly.sparse(loop, [addressOf(left), addressOf(right), addressOf(value)]);
}

function bytesAt(
  assembly: Assembly,
  layout: Layout,
  value: Value,
  part: number,
): Uint8Array<ArrayBufferLike> {
  const placement = layout.placement(value);
  const length = sizeOf(value.shape) * BYTES[value.dtype];
  return new Uint8Array(assembly.memories[placement.memory]!.buffer, partAddress(placement, part), length);
}

/** The byte at which a part of the batch has its tensor. */
export function partAddress({ address, stride }: Placement, part: number): number {
  return address + part * stride;
}

/** The loop, and the tensors of its operands and results, with the entry at which it begins. */
function asLoop(
  { shape, members, results }: FusedLoop,
  layout: Layout,
): { loop: Loop; tensors: { value: Value; offset: number }[] } {
  const own = new Set(members);
  const operands: (StridedView & { value: Value })[] = [];
  const steps: EntryStep[] = [];
  const stepOf = new Map<Value, number>();
  const entryOf = (value: Value): Entry => {
    if (value.op === "Fill") return { number: value.data![0]! };
    if (own.has(value)) return { step: stepOf.get(value)! };
    if (isMask(value)) return { step: step(value) };
    return operand(value, { strides: stridesIn(shape, value.shape), offset: 0 });
  };
  const operand = (value: Value, { strides, offset }: StridedView): Entry => {
    let index = operands.findIndex((other) =>
      other.value === value && other.offset === offset && sameShape(other.strides, strides)
    );
    if (index < 0) index = operands.push({ value, strides, offset }) - 1;
    return { operand: index };
  };
  const step = (value: Value): number => {
    const known = stepOf.get(value);
    if (known !== undefined) return known;
    const { op, attributes } = value, view = stridedViewOf(value);
    const index = steps.push(
      view
        ? { op: "Identity", entries: [operand(value.operands[0]!, view)], attributes: {} }
        : { op, entries: operandsRead(value).map(entryOf), attributes },
    ) - 1;
    stepOf.set(value, index);
    return index;
  };
  for (const member of members) if (!isSum(member) && !frameOf(member)) step(member);
  const stored = results.map((value): Loop["results"][number] => {
    const frame = frameOf(value);
    const tensor = { size: sizeOf(value.shape), memory: layout.placement(value).memory };
    const entry = entryOf(stepOf.has(value) ? value : value.operands[0]!);
    if (isSum(value)) return { ...tensor, strides: stridesOfSum(value), entry, kind: "sum" };
    if (frame) return { ...tensor, ...frame, entry, kind: "framed" };
    return { ...tensor, strides: stridesIn(shape, value.shape), entry, kind: "entries" };
  });
  const read = operands.map(({ value, strides }) => ({
    memory: layout.placement(value).memory,
    strides,
  }));
  return {
    loop: collapse({ sides: shape, operands: read, steps, results: stored }),
    tensors: [...operands, ...results.map((value) => ({ value, offset: 0 }))],
  };
}

/** How far apart neighbours along each axis of `shape` lie in a tensor that is repeated to fill it. */
function stridesIn(shape: readonly number[], own: readonly number[]): number[] {
  const strides = rowMajor(own), missing = shape.length - own.length;
  return shape.map((_, axis) => axis < missing || own[axis - missing] === 1 ? 0 : strides[axis - missing]!);
}

function stridesOfSum(sum: Value): number[] {
  const [x, axes] = sum.operands as [Value, Value];
  const kept = x.shape.map((side, axis) => Array.from(axes.data!).includes(axis) ? 1 : side);
  return stridesIn(x.shape, kept);
}

/** Makes one axis of neighbours that are one in every tensor, and leaves out those of length 1. */
function collapse(loop: Loop): Loop {
  const tensors = [...loop.operands, ...loop.results];
  const axes: { side: number; strides: number[] }[] = [];
  for (let axis = 0; axis < loop.sides.length; axis++) {
    const side = loop.sides[axis]!;
    if (side === 1) continue;
    const strides = tensors.map((tensor) => tensor.strides[axis]!);
    const outer = axes.at(-1);
    if (outer && outer.strides.every((stride, i) => stride === strides[i]! * side)) {
      axes[axes.length - 1] = { side: outer.side * side, strides };
    } else axes.push({ side, strides });
  }
  if (axes.length === 0) axes.push({ side: 1, strides: tensors.map(() => 0) });
  const of = (index: number) => axes.map(({ strides }) => strides[index]!);
  return {
    sides: axes.map(({ side }) => side),
    operands: loop.operands.map((operand, i) => ({ ...operand, strides: of(i) })),
    steps: loop.steps,
    results: loop.results.map((result, i) => ({ ...result, strides: of(loop.operands.length + i) })),
  };
}
