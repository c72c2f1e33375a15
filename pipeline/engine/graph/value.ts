import type { Op } from "./operations.ts";

/** The type of a tensor's entries. */
export type DType = "float32" | "int32" | "int64" | "bool";

/** A property of an operator. ONNX tells integers from floats: a number is an integer, and a float is `{ float }`. */
export type Attribute = number | string | readonly number[] | { readonly float: number };
/** What an operator is told beside its operands, by ONNX's names. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** One tensor of a graph. Immutable; two values are equal if and only if they are the same object. */
export interface Value {
  /** Counts up: the operands of a value have smaller ids. */
  readonly id: number;
  readonly op: Op;
  readonly operands: readonly Value[];
  readonly attributes: Attributes;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** The entries of a `Constant`, or the one number of a `Fill`. */
  readonly data?: ArrayLike<number>;
  /** What an `Input` is known by. */
  readonly name?: string;
}

/** Bytes of one entry. */
export const BYTES: Readonly<Record<DType, number>> = { float32: 4, int32: 4, int64: 8, bool: 1 };

/** Whether two shapes have the same sides. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((side, i) => side === b[i]);
}

/**
 * The shape of what two tensors give entry by entry, broadcast as NumPy does.
 *
 * @throws {RangeError} where they do not fit
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const p = a[i - rank + a.length] ?? 1, q = b[i - rank + b.length] ?? 1;
    if (p !== q && p !== 1 && q !== 1) throw new RangeError(`Cannot broadcast [${a}] and [${b}]`);
    return p === 1 ? q : p;
  });
}

/** How far apart neighbours along each axis lie in a tensor, in entries. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; stride *= shape[axis--]!) strides[axis] = stride;
  return strides;
}
