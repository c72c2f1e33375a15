import { rowMajor, type Value } from "../../graph/value.ts";

/** How the entries of a tensor lie in another: distances per axis and the place of the first, in entries. */
export interface StridedView {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The view of its operand that a value is which only chooses and orders entries, if a loop can read along it. */
export function stridedViewOf(value: Value): StridedView | undefined {
  if (value.dtype !== "float32") return undefined;
  const view = viewOf(value);
  return view && keepsNeighbours(view, value.shape) ? view : undefined;
}

/** Vectors are read and written whole: along the last axis that is longer than 1, neighbours must be neighbours. */
function keepsNeighbours({ strides }: StridedView, shape: readonly number[]): boolean {
  const inner = shape.findLastIndex((side) => side > 1);
  return inner < 0 || strides[inner] === 1;
}

function viewOf({ op, operands: [x, ...rest], attributes, shape }: Value): StridedView | undefined {
  switch (op) {
    case "Transpose": {
      const strides = rowMajor(x!.shape);
      return { strides: (attributes.perm as readonly number[]).map((axis) => strides[axis]!), offset: 0 };
    }
    case "Slice": {
      const [starts, , axes, steps] = rest.map((list) => Array.from(list.data!));
      const strides = rowMajor(x!.shape);
      let offset = 0;
      axes!.forEach((axis, i) => {
        offset += starts![i]! * strides[axis]!;
        strides[axis] = strides[axis]! * (steps?.[i] ?? 1);
      });
      return { strides: shape.map((_, axis) => strides[axis]!), offset };
    }
    case "Strided":
      return { strides: attributes.strides as readonly number[], offset: attributes.offset as number };
    default:
      return undefined;
  }
}

/** Where a tensor lies in a frame of zeros, if the value is such a frame around its operand. */
export function frameOf({ op, operands: [x, amounts, value], dtype, shape }: Value): StridedView | undefined {
  if (op !== "Pad" || dtype !== "float32" || value!.data![0] !== 0) return undefined;
  const before = Array.from(amounts!.data!);
  if (before.some((amount) => amount < 0)) return undefined;
  const strides = rowMajor(shape);
  const view = {
    strides,
    offset: x!.shape.reduce((sum, _, axis) => sum + before[axis]! * strides[axis]!, 0),
  };
  return keepsNeighbours(view, x!.shape) ? view : undefined;
}
