import { BYTES, sameShape, sizeOf, type Value } from "../../graph/graph.ts";
import type { Assembly } from "./assembly.ts";
import { type Group, type Instruction, isMask, isSum, operandsRead } from "./fuse.ts";
import { type Layout, type Place, readBy } from "./layout.ts";
import type { Loop, Term } from "./loop.ts";
import type { Command } from "./run.ts";
import { frameOf, rowMajor, type Walk, walkOf } from "./strided_view.ts";

/** The instructions as commands, for each part of the batch. */
export function lower(
  assembly: Assembly,
  instructions: readonly Instruction[],
  layout: Layout,
  parts: number,
): Command[][] {
  const lists = Array.from({ length: parts }, (): Command[] => []);
  for (const instruction of instructions) {
    if (instruction.kind === "call") {
      const { value } = instruction, read = readBy(instruction);
      lists.forEach((list, part) => {
        const bytes = (tensor: Value) => bytesAt(assembly, layout, tensor, part);
        const operands = new Map(read.map((operand) => [operand, bytes(operand)]));
        list.push(assembly.call(value, operands, bytes(value)));
      });
    } else {
      const { loop, tensors } = asLoop(instruction, layout);
      lists.forEach((list, part) => {
        const addresses = tensors.map(({ value, offset }) => at(layout.place(value), part) + offset * 4);
        list.push(assembly.loop(loop, addresses));
      });
    }
  }
  return lists;
}

function bytesAt(
  assembly: Assembly,
  layout: Layout,
  value: Value,
  part: number,
): Uint8Array<ArrayBufferLike> {
  const place = layout.place(value);
  const length = sizeOf(value.shape) * BYTES[value.dtype];
  return new Uint8Array(assembly.memories[place.memory]!.buffer, at(place, part), length);
}

/** The byte at which a part's tensor begins. */
export function at({ address, stride }: Place, part: number): number {
  return address + part * stride;
}

/** The group as a loop, and the tensors of its operands and results, with the entry at which it begins. */
function asLoop(
  { shape, members, results }: Group,
  layout: Layout,
): { loop: Loop; tensors: { value: Value; offset: number }[] } {
  const own = new Set(members);
  const operands: (Walk & { value: Value })[] = [];
  const steps: { op: string; terms: Term[]; attributes: Value["attributes"] }[] = [];
  const stepOf = new Map<Value, number>();
  const term = (value: Value): Term => {
    if (value.op === "Splat") return { number: value.data![0]! };
    if (own.has(value)) return { step: stepOf.get(value)! };
    if (isMask(value)) return { step: step(value) };
    return operand(value, { strides: stridesIn(shape, value.shape), offset: 0 });
  };
  const operand = (value: Value, { strides, offset }: Walk): Term => {
    let index = operands.findIndex((other) =>
      other.value === value && other.offset === offset && sameShape(other.strides, strides)
    );
    if (index < 0) index = operands.push({ value, strides, offset }) - 1;
    return { operand: index };
  };
  const step = (value: Value): number => {
    const known = stepOf.get(value);
    if (known !== undefined) return known;
    const { op, attributes } = value, walk = walkOf(value);
    const index = steps.push(
      walk
        ? { op: "Identity", terms: [operand(value.operands[0]!, walk)], attributes: {} }
        : { op, terms: operandsRead(value).map(term), attributes: op === "Cast" ? {} : attributes },
    ) - 1;
    stepOf.set(value, index);
    return index;
  };
  for (const member of members) if (!isSum(member) && !frameOf(member)) step(member);
  const stored = results.map((value): Loop["results"][number] => {
    const frame = frameOf(value);
    const tensor = { size: sizeOf(value.shape), memory: layout.place(value).memory };
    const entry = term(stepOf.has(value) ? value : value.operands[0]!);
    if (isSum(value)) return { ...tensor, strides: stridesOfSum(value), term: entry, kind: "sum" };
    if (frame) return { ...tensor, ...frame, term: entry, kind: "framed" };
    return { ...tensor, strides: stridesIn(shape, value.shape), term: entry, kind: "entries" };
  });
  const read = operands.map(({ value, strides }) => ({
    memory: layout.place(value).memory,
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

/** Merges neighbouring axes that every tensor walks through as if they were one, and leaves out those of length 1. */
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
