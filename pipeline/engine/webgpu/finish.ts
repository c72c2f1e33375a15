import { inOrder } from "../graph/transform.ts";
import { sameShape, type Value } from "../graph/value.ts";
import { sizeOf } from "../../base/shape.ts";
import { type FusedLoop, type Instruction, leaves } from "../program/fuse.ts";
import { aliasOf, ownerOf } from "../program/storage.ts";
import { GPU_RULES, isReduction } from "./rules.ts";
import { isProduct, productShape } from "./wgsl/tiling.ts";

/** Numbers of pieces, one below the other, that a loop may take a product apart into: a thread has four rows at once. */
const APART = [1, 2, 4];

/**
 * Lets a product's entries go through the loop that alone reads them, instead of being stored and read again: a bias
 * and an activation, or the gates of a recurrent unit, which lie one below the other in the product. Products in pieces
 * stay as they are, since nobody has the whole of an entry before all pieces are there.
 */
export function finishProducts(
  instructions: readonly Instruction[],
  outputs: readonly Value[],
  pieces: (value: Value) => number,
): Instruction[] {
  const users = usersOf(outputs);
  const wanted = new Set(outputs.map((output) => ownerOf(output).of));
  const loops = new Map<Value, FusedLoop>();
  for (const instruction of instructions) {
    if (instruction.kind === "loop") {
      for (const member of instruction.members) loops.set(member, instruction);
    }
  }
  /** What the entries of products go through, each of no more than one: the last before the loop. */
  const products = new Map<FusedLoop, Value>();
  for (const instruction of instructions) {
    if (instruction.kind === "loop" || !isProduct(instruction.value)) continue;
    const { value } = instruction;
    if (pieces(value) > 1 || wanted.has(value)) continue;
    const readers = new Set(users.get(value)!.map((user) => loops.get(user)));
    const [loop] = readers;
    if (readers.size === 1 && loop && canFinish(value, loop)) products.set(loop, value);
  }
  const finished = new Set(products.values());
  return instructions.flatMap((instruction): Instruction[] => {
    if (instruction.kind === "call") return finished.has(instruction.value) ? [] : [instruction];
    const value = products.get(instruction);
    return [value ? { kind: "call", value, finish: instruction } : instruction];
  });
}

/** The values that are computed from each, or from a part of it that has no memory of its own. */
function usersOf(outputs: readonly Value[]): Map<Value, Value[]> {
  const users = new Map<Value, Value[]>();
  for (const value of inOrder(outputs)) {
    if (!users.has(value)) users.set(value, []);
    if (aliasOf(value) || value.op === "Split") continue;
    for (const owner of new Set(value.operands.map((operand) => ownerOf(operand).of))) {
      users.get(owner)?.push(value);
    }
  }
  return users;
}

/** Whether all that a loop reads of a product is at the place that it is at, in one of so many pieces of it. */
function canFinish(product: Value, { shape, members, results }: FusedLoop): boolean {
  const { batch, rows } = productShape(product);
  const size = sizeOf(shape), apart = sizeOf(product.shape) / size;
  if (!APART.includes(apart) || rows % apart > 0 || apart > 1 && batch > 1) return false;
  if (members.some(isReduction)) return false;
  const read = [product, ...members].flatMap((member) => leaves(member, GPU_RULES));
  const tensors = new Set([...read.map(({ value }) => value), ...results]);
  return GPU_RULES.fits(members, tensors.size) &&
    read.every(({ value, isReordered }) => {
      const { of, offset } = ownerOf(value);
      return of !== product || !isReordered && sameShape(value.shape, shape) && offset % size === 0;
    });
}
