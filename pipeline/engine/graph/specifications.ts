import { sizeOf } from "../../base/shape.ts";
import { ARITHMETIC, COMPARISONS, LOGICAL, type Op, REDUCTIONS, UNARY } from "./operations.ts";
import { type Attribute, broadcastShape, type DType, sameShape, type Value } from "./value.ts";

/** What a value has to be. A dtype that is left out is that of its first operand. */
interface Expected {
  readonly shape: readonly number[];
  readonly dtype?: DType;
}

/** What operators mean, as far as shapes and types go. */
export interface Specification {
  /** Least and most operands. */
  readonly operands: readonly [number, number];
  readonly attributes?: Readonly<Record<string, "integer" | "integers" | "float">>;
  /** What the value is, by its operands and attributes. Throws where these do not fit together. */
  infer(value: Value): Expected;
}

/** Throws an `Error` where the statement does not hold. The message is a function where making it takes time. */
export function check(isTrue: boolean, otherwise: string | (() => string)): asserts isTrue {
  if (!isTrue) throw new Error(typeof otherwise === "string" ? otherwise : otherwise());
}

/** The entries of an operand that must be a constant list of integers. */
function integers(value: Value | undefined): number[] {
  check(value?.op === "Constant" || value?.op === "Fill", "a list of integers is no constant");
  check(value.dtype === "int64" || value.dtype === "int32", "a list of integers has other numbers");
  const { data, op } = value;
  return op === "Fill" ? Array<number>(sizeOf(value.shape)).fill(data![0]!) : Array.from(data!);
}

/** The axes of x as whole numbers from 0, each at most once. */
function axesOf(x: Value, axes: readonly number[]): readonly number[] {
  check(axes.every((axis) => axis >= 0 && axis < x.shape.length), () => `there is no axis among ${axes}`);
  check(new Set(axes).size === axes.length, () => `an axis occurs twice among ${axes}`);
  return axes;
}

function axisOf(x: Value, axis: Attribute | undefined): number {
  return axesOf(x, [axis as number])[0]!;
}

function numeric(...values: readonly Value[]): void {
  check(values.every(({ dtype }) => dtype !== "bool"), "it computes with truth values");
}

function alike(...values: readonly Value[]): void {
  check(values.every(({ dtype }) => dtype === values[0]!.dtype), "its operands differ in type");
}

function reduced(x: Value, axes: readonly number[], keepdims: Attribute | undefined): Expected {
  axesOf(x, axes);
  const shape = keepdims === 1
    ? x.shape.map((side, axis) => axes.includes(axis) ? 1 : side)
    : x.shape.filter((_, axis) => !axes.includes(axis));
  return { shape };
}

const source = (infer: Specification["infer"]): Specification => ({ operands: [0, 0], infer });

const unary: Specification = {
  operands: [1, 1],
  infer({ operands: [x] }) {
    numeric(x!);
    return { shape: x!.shape };
  },
};

const binary = (dtype: DType | undefined, holds: (...values: Value[]) => void): Specification => ({
  operands: [2, 2],
  infer({ operands: [a, b] }) {
    alike(a!, b!);
    holds(a!, b!);
    return { shape: broadcastShape(a!.shape, b!.shape), ...(dtype ? { dtype } : {}) };
  },
});

const argument: Specification = {
  operands: [1, 1],
  attributes: { axis: "integer", keepdims: "integer" },
  infer({ operands: [x], attributes: { axis, keepdims } }) {
    return { ...reduced(x!, [axis as number], keepdims), dtype: "int64" };
  },
};

const softmax: Specification = {
  operands: [1, 1],
  attributes: { axis: "integer" },
  infer({ operands: [x], attributes }) {
    axisOf(x!, attributes.axis);
    return { shape: x!.shape };
  },
};

const each = <Name extends Op>(names: readonly Name[], specification: Specification) =>
  Object.fromEntries(names.map((name) => [name, specification])) as Record<Name, Specification>;

/** The meaning of each operator. */
export const SPECIFICATIONS: Readonly<Record<Op, Specification>> = {
  ...each(UNARY, unary),
  HardSigmoid: { ...unary, attributes: { alpha: "float", beta: "float" } },
  LeakyRelu: { ...unary, attributes: { alpha: "float" } },
  ...each(ARITHMETIC, binary(undefined, numeric)),
  ...each(COMPARISONS, binary("bool", () => {})),
  ...each(LOGICAL, binary("bool", ({ dtype }) => check(dtype === "bool", "it takes truth values only"))),
  ...each(REDUCTIONS, {
    operands: [1, 1],
    attributes: { axes: "integers", keepdims: "integer" },
    infer: ({ operands: [x], attributes: { axes, keepdims } }) =>
      reduced(x!, axes as readonly number[], keepdims),
  }),

  Input: source(({ name, shape, dtype }) => {
    check(name !== undefined, "it has no name");
    return { shape, dtype };
  }),
  Constant: source(({ data, shape, dtype }) => {
    check(data?.length === sizeOf(shape), () => `it has ${data?.length} entries`);
    return { shape, dtype };
  }),
  Fill: source(({ data, shape, dtype }) => {
    check(data?.length === 1, "it is not one number");
    return { shape, dtype };
  }),
  Output: {
    operands: [1, 1],
    attributes: { index: "integer" },
    infer({ operands: [split], attributes }) {
      check(split!.op === "Split", "its operand has one result only");
      const [x, sizes] = split!.operands as [Value, Value], index = attributes.index as number;
      const pieces = integers(sizes);
      check(index in pieces, () => `its operand has ${pieces.length} pieces`);
      return { shape: x.shape.with(split!.attributes.axis as number, pieces[index]!) };
    },
  },
  SparseGemm: {
    operands: [2, 2],
    attributes: { transA: "integer" },
    infer({ operands: [a, b], attributes: { transA } }) {
      check(a!.shape.length === 2 && b!.shape.length === 2, "its operands are no matrices");
      check(a!.dtype === "float32" && b!.dtype === "float32", "its operands are no floats");
      const [rows, inner] = transA === 1 ? a!.shape.toReversed() : a!.shape;
      check(inner === b!.shape[0], () => `it would add up ${inner} and ${b!.shape[0]} products`);
      return { shape: [rows!, b!.shape[1]!] };
    },
  },
  Strided: {
    operands: [1, 1],
    attributes: { strides: "integers", offset: "integer" },
    infer({ operands: [x], attributes, shape }) {
      const strides = attributes.strides as readonly number[];
      check(strides.length === shape.length, "it has not one stride for each axis");
      const reach = strides.map((stride, axis) => stride * Math.max(0, shape[axis]! - 1));
      const sum = (numbers: readonly number[]) =>
        numbers.reduce((a, b) => a + b, attributes.offset as number);
      const first = sum(reach.filter((distance) => distance < 0));
      const last = sum(reach.filter((distance) => distance > 0));
      check(first >= 0 && last < sizeOf(x!.shape), () => `it reads entries ${first} to ${last}`);
      return { shape };
    },
  },

  ArgMax: argument,
  ArgMin: argument,
  Cast: { operands: [1, 1], infer: ({ operands: [x], dtype }) => ({ shape: x!.shape, dtype }) },
  Concat: {
    operands: [1, Infinity],
    attributes: { axis: "integer" },
    infer({ operands, attributes }) {
      alike(...operands);
      const axis = axisOf(operands[0]!, attributes.axis), { shape } = operands[0]!;
      for (const operand of operands) {
        check(operand.shape.length === shape.length, "its operands differ in rank");
        check(sameShape(operand.shape.with(axis, shape[axis]!), shape), "its operands differ in shape");
      }
      return { shape: shape.with(axis, operands.reduce((sum, operand) => sum + operand.shape[axis]!, 0)) };
    },
  },
  CumSum: {
    operands: [2, 2],
    attributes: { exclusive: "integer", reverse: "integer" },
    infer({ operands: [x, axis] }) {
      axesOf(x!, integers(axis));
      return { shape: x!.shape };
    },
  },
  Expand: {
    operands: [2, 2],
    infer({ operands: [x, sides] }) {
      const shape = integers(sides);
      check(sameShape(broadcastShape(x!.shape, shape), shape), () => `it cannot become [${shape}]`);
      return { shape };
    },
  },
  Gather: {
    operands: [2, 2],
    attributes: { axis: "integer" },
    infer({ operands: [x, indices], attributes }) {
      const axis = axisOf(x!, attributes.axis), { shape } = x!;
      check(indices!.dtype === "int32" || indices!.dtype === "int64", "its indices are no integers");
      for (const index of Array.from(indices!.data ?? [])) {
        check(index >= -shape[axis]! && index < shape[axis]!, () => `there is no entry ${index}`);
      }
      return { shape: [...shape.slice(0, axis), ...indices!.shape, ...shape.slice(axis + 1)] };
    },
  },
  Gemm: {
    operands: [2, 3],
    attributes: { transA: "integer", transB: "integer" },
    infer({ operands: [a, b, c], attributes: { transA, transB } }) {
      check(a!.shape.length === 2 && b!.shape.length === 2, "its operands are no matrices");
      alike(...[a!, b!, c ?? a!]);
      const [rows, inner] = transA === 1 ? a!.shape.toReversed() : a!.shape;
      const [other, columns] = transB === 1 ? b!.shape.toReversed() : b!.shape;
      check(inner === other, () => `it would add up ${inner} and ${other} products`);
      const shape = [rows!, columns!];
      check(
        !c || sameShape(broadcastShape(c.shape, shape), shape),
        "what is added is larger than the product",
      );
      return { shape };
    },
  },
  Identity: { operands: [1, 1], infer: ({ operands: [x] }) => ({ shape: x!.shape }) },
  IsNaN: { operands: [1, 1], infer: ({ operands: [x] }) => ({ shape: x!.shape, dtype: "bool" }) },
  LogSoftmax: softmax,
  MatMul: {
    operands: [2, 2],
    infer({ operands: [a, b] }) {
      check(a!.shape.length >= 2 && b!.shape.length >= 2, "its operands are no matrices");
      alike(a!, b!);
      check(
        a!.shape.at(-1) === b!.shape.at(-2),
        `it would add up ${a!.shape.at(-1)} and ${b!.shape.at(-2)} products`,
      );
      const batch = broadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2));
      return { shape: [...batch, a!.shape.at(-2)!, b!.shape.at(-1)!] };
    },
  },
  Not: {
    operands: [1, 1],
    infer({ operands: [x] }) {
      check(x!.dtype === "bool", "it takes truth values only");
      return { shape: x!.shape };
    },
  },
  Pad: {
    operands: [3, 3],
    infer({ operands: [x, amounts, value] }) {
      const list = integers(amounts), rank = x!.shape.length;
      check(list.length === 2 * rank, "it has not two amounts for each axis");
      check(value!.shape.length === 0 && value!.dtype === x!.dtype, "what it pads with is no such number");
      return { shape: x!.shape.map((side, axis) => side + list[axis]! + list[rank + axis]!) };
    },
  },
  ReduceSum: {
    operands: [2, 2],
    attributes: { keepdims: "integer" },
    infer: ({ operands: [x, axes], attributes: { keepdims } }) => reduced(x!, integers(axes), keepdims),
  },
  Reshape: {
    operands: [2, 2],
    infer({ operands: [x, sides] }) {
      const shape = integers(sides);
      check(sizeOf(shape) === sizeOf(x!.shape), () => `[${shape}] has another size`);
      return { shape };
    },
  },
  Slice: {
    operands: [4, 5],
    infer({ operands: [x, ...lists] }) {
      const [starts, ends, axes, steps = starts!.map(() => 1)] = lists.map(integers);
      axesOf(x!, axes!);
      const shape = [...x!.shape];
      axes!.forEach((axis, i) => {
        const side = shape[axis]!, start = starts![i]!, step = steps[i]!;
        const end = ends![i]! < 0 ? ends![i]! + side : ends![i]!; // -1: before the first entry
        check(start >= 0 && start < side && step !== 0, () => `axis ${axis} is cut from ${start} by ${step}`);
        check(end >= -1 && end <= side, () => `axis ${axis} is cut up to ${end}`);
        shape[axis] = Math.max(0, Math.ceil((end - start) / step));
      });
      return { shape };
    },
  },
  Softmax: softmax,
  Split: {
    operands: [2, 2],
    attributes: { axis: "integer" },
    infer({ operands: [x, sizes], attributes }) {
      const sum = integers(sizes).reduce((a, b) => a + b, 0);
      check(sum === x!.shape[axisOf(x!, attributes.axis)], () => `its pieces have ${sum} entries together`);
      return { shape: x!.shape };
    },
  },
  Tile: {
    operands: [2, 2],
    infer({ operands: [x, times] }) {
      const list = integers(times);
      check(list.length === x!.shape.length, "it has not one number for each axis");
      return { shape: x!.shape.map((side, axis) => side * list[axis]!) };
    },
  },
  Transpose: {
    operands: [1, 1],
    attributes: { perm: "integers" },
    infer({ operands: [x], attributes }) {
      const perm = axesOf(x!, attributes.perm as readonly number[]);
      check(perm.length === x!.shape.length, "it leaves an axis out");
      return { shape: perm.map((axis) => x!.shape[axis]!) };
    },
  },
  Where: {
    operands: [3, 3],
    infer({ operands: [mask, a, b] }) {
      check(mask!.dtype === "bool", "its choice is no truth value");
      alike(a!, b!);
      const shape = broadcastShape(broadcastShape(mask!.shape, a!.shape), b!.shape);
      return { shape, dtype: a!.dtype };
    },
  },
};
