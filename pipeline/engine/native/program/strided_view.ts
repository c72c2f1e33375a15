import type { Value } from "../../graph/graph.ts";

/** How the entries of a tensor lie in another: distances per axis and the place of the first, in entries. */
export interface Walk {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Of a value that only chooses and orders entries of its operand, how it walks through them, if a loop can do so. */
export function walkOf(value: Value): Walk | undefined {
  if (value.dtype !== "float32") return undefined;
  const walk = walkThrough(value);
  return walk && keepsNeighbours(walk, value.shape) ? walk : undefined;
}

/** Vectors are read and written whole: along the last axis that is longer than 1, neighbours must be neighbours. */
function keepsNeighbours({ strides }: Walk, shape: readonly number[]): boolean {
  const inner = shape.findLastIndex((side) => side > 1);
  return inner < 0 || strides[inner] === 1;
}

function walkThrough({ op, operands: [x, ...rest], attributes, shape }: Value): Walk | undefined {
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

/** Of a picture framed by zeros, where in the frame it lies. */
export function frameOf({ op, operands: [x, amounts, value], dtype, shape }: Value): Walk | undefined {
  if (op !== "Pad" || dtype !== "float32" || value!.data![0] !== 0) return undefined;
  const before = Array.from(amounts!.data!);
  if (before.some((amount) => amount < 0)) return undefined;
  const strides = rowMajor(shape);
  const walk = {
    strides,
    offset: x!.shape.reduce((sum, _, axis) => sum + before[axis]! * strides[axis]!, 0),
  };
  return keepsNeighbours(walk, x!.shape) ? walk : undefined;
}

/** How far apart neighbours along each axis lie in a tensor. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; stride *= shape[axis--]!) strides[axis] = stride;
  return strides;
}
