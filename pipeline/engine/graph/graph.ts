import { NodeTable } from "./node_table.ts";
import type { Binary, Reduction, Unary } from "./operations.ts";
import { type Attributes, broadcastShape, type DType, sameShape, type Value } from "./value.ts";
import { sizeOf } from "../../base/shape.ts";

/** Computes an operator where its operands are known numbers. */
type FoldUnary = (x: number) => number;
type FoldBinary = (a: number, b: number) => number;

/**
 * A graph under construction. Building is where most of the optimisation happens: numbers that fill a whole tensor
 * stay symbolic (`Fill`), broadcasts stay lazy (`Expand` is pushed outwards, because elementwise operators broadcast
 * for nothing), and transposes vanish into the flags of products.
 */
export class Graph extends NodeTable {
  // ------------------------------------------------------------------ elementwise

  /** @param fold computes the operator where x is a known number */
  unary(op: Unary, x: Value, fold?: FoldUnary, attributes: Attributes = {}): Value {
    if (x.op === "Fill" && fold) return this.fill(fold(x.data![0]!), x.shape, x.dtype);
    if (x.op === "Expand") return this.expand(this.unary(op, x.operands[0]!, fold, attributes), x.shape);
    return this.node(op, [x], x.shape, x.dtype, attributes);
  }

  /** x as another type; a number becomes true unless it is 0, and whole by cutting off what follows the point. */
  cast(x: Value, dtype: DType): Value {
    if (x.dtype === dtype) return x;
    if (x.op === "Fill") {
      const number = x.data![0]!;
      return this.fill(
        dtype === "bool" ? Number(number !== 0) : dtype === "float32" ? number : Math.trunc(number),
        x.shape,
        dtype,
      );
    }
    if (x.op === "Expand") return this.expand(this.cast(x.operands[0]!, dtype), x.shape);
    return this.node("Cast", [x], x.shape, dtype);
  }

  /** The values as float32, under their names. */
  floats(values: Readonly<Record<string, Value>>): Record<string, Value> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, this.cast(value, "float32")]),
    );
  }

  /** An elementwise operator of two operands, broadcast as NumPy does; comparisons give `bool`. */
  binary(op: Binary, a: Value, b: Value, fold?: FoldBinary, dtype: DType = a.dtype): Value {
    const shape = broadcastShape(a.shape, b.shape);
    if (a.op === "Fill" && b.op === "Fill" && fold) {
      return this.fill(Number(fold(a.data![0]!, b.data![0]!)), shape, dtype);
    }
    a = this.#asScalar(a, b);
    b = this.#asScalar(b, a);
    // ONNX Runtime broadcasts a scalar over a last axis of length 1 entry by entry.
    const [long, short] = a.shape.length > b.shape.length ? [a, b] : [b, a];
    if (short.shape.length === 0 && long.shape.at(-1) === 1 && sizeOf(long.shape) > 1) {
      const flat = this.reshape(long, [sizeOf(long.shape)]);
      const result = this.node(op, long === a ? [flat, b] : [a, flat], flat.shape, dtype);
      return this.expand(this.reshape(result, long.shape), shape);
    }
    // Equal shapes stay as they are; what only differs by a broadcast is broadcast after the operation.
    const core = this.node(op, [a, b], broadcastShape(a.shape, b.shape), dtype);
    return this.expand(core, shape);
  }

  /** Peels a broadcast off, and turns one number of any rank into a scalar, which is cheapest to broadcast. */
  #asScalar(x: Value, other: Value): Value {
    if (x.op === "Expand") x = x.operands[0]!;
    if (x.op === "Fill") return this.fill(x.data![0]!, [], x.dtype);
    const one = sizeOf(x.shape) === 1 && x.shape.length > 0;
    return one && other.shape.length >= x.shape.length && sizeOf(other.shape) > 1 ? this.reshape(x, []) : x;
  }

  add(a: Value, b: Value): Value {
    if (a.op === "Fill") [a, b] = [b, a];
    const shape = broadcastShape(a.shape, b.shape);
    if (b.op === "Fill" && b.data![0] === 0) return this.expand(a, shape);
    if (b.op === "Neg") return this.subtract(a, b.operands[0]!);
    if (a.op === "Neg") return this.subtract(b, a.operands[0]!);
    // A bias belongs next to its product, where it becomes the product's third operand.
    const product = a.op === "Reshape" ? a.operands[0]! : undefined;
    if (
      product?.op === "Gemm" && b.shape.length === 1 && sameShape(shape, a.shape) &&
      product.shape[1] === b.shape[0]
    ) {
      return this.reshape(this.binary("Add", product, b), shape);
    }
    return this.binary("Add", a, b, (x, y) => x + y);
  }

  subtract(a: Value, b: Value): Value {
    if (b.op === "Fill" && b.data![0] === 0) return this.expand(a, broadcastShape(a.shape, b.shape));
    if (b.op === "Neg") return this.add(a, b.operands[0]!);
    return this.binary("Sub", a, b, (x, y) => x - y);
  }

  multiply(a: Value, b: Value): Value {
    if (a.op === "Fill") [a, b] = [b, a];
    const shape = broadcastShape(a.shape, b.shape);
    if (b.op === "Fill") {
      const factor = b.data![0]!;
      if (factor === 1) return this.expand(a, shape);
      if (factor === 0) return this.fill(0, shape, a.dtype);
      if (factor === -1) return this.expand(this.negate(a), shape);
      const inner = a.op === "Mul" ? a.operands.find(({ op }) => op === "Fill") : undefined;
      if (inner) {
        const rest = a.operands.find((operand) => operand !== inner)!;
        return this.expand(this.multiply(rest, this.fill(inner.data![0]! * factor, [], a.dtype)), shape);
      }
    }
    return this.binary("Mul", a, b, (x, y) => x * y);
  }

  divide(a: Value, b: Value): Value {
    if (b.op === "Fill" && b.dtype === "float32") {
      return this.multiply(a, this.fill(1 / b.data![0]!, b.shape));
    }
    return this.binary("Div", a, b, (x, y) => x / y);
  }

  negate(x: Value): Value {
    if (x.op === "Neg") return x.operands[0]!;
    return this.unary("Neg", x, (value) => -value);
  }

  // ------------------------------------------------------------------ arrangement

  reshape(x: Value, shape: readonly number[]): Value {
    if (sizeOf(shape) !== sizeOf(x.shape)) throw new RangeError(`Cannot reshape [${x.shape}] to [${shape}]`);
    if (sameShape(x.shape, shape)) return x;
    if (x.op === "Fill") return this.fill(x.data![0]!, shape, x.dtype);
    if (x.op === "Reshape") return this.reshape(x.operands[0]!, shape);
    return this.node("Reshape", [x, this.integers(shape)], shape, x.dtype);
  }

  expand(x: Value, shape: readonly number[]): Value {
    if (sameShape(x.shape, shape)) return x;
    if (x.op === "Fill") return this.fill(x.data![0]!, shape, x.dtype);
    if (x.op === "Expand") return this.expand(x.operands[0]!, shape);
    return this.node("Expand", [x, this.integers(shape)], shape, x.dtype);
  }

  transpose(x: Value, perm: readonly number[]): Value {
    const shape = perm.map((axis) => x.shape[axis]!);
    if (perm.every((axis, i) => axis === i)) return x;
    if (x.op === "Fill") return this.fill(x.data![0]!, shape, x.dtype);
    if (x.op === "Transpose") {
      const inner = x.attributes.perm as readonly number[];
      return this.transpose(x.operands[0]!, perm.map((axis) => inner[axis]!));
    }
    if (x.op === "Gemm" && x.operands.length === 2) {
      const { transA, transB } = x.attributes;
      return this.gemm(x.operands[1]!, x.operands[0]!, transB === 0, transA === 0);
    }
    // Where only axes of length 1 move, no number does.
    const long = perm.filter((axis) => x.shape[axis] !== 1);
    if (long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return this.reshape(x, shape);
    return this.node("Transpose", [x], shape, x.dtype, { perm });
  }

  concat(values: readonly Value[], axis: number): Value {
    const [first] = values;
    if (values.length === 1) return first!;
    const shape = [...first!.shape];
    shape[axis] = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
    return this.node("Concat", values, shape, first!.dtype, { axis });
  }

  /** The pieces of x along an axis, of these sizes. */
  split(x: Value, sizes: readonly number[], axis: number): readonly Value[] {
    if (sizes.length === 1) return [x];
    if (x.op === "Fill") {
      return sizes.map((size) => this.fill(x.data![0]!, x.shape.with(axis, size), x.dtype));
    }
    const undone = x.op === "Concat" && x.attributes.axis === axis && x.operands.length === sizes.length &&
      x.operands.every((value, i) => value.shape[axis] === sizes[i]);
    if (undone) return x.operands;
    const split = this.node("Split", [x, this.integers(sizes)], x.shape, x.dtype, { axis });
    return sizes.map((size, index) =>
      this.node("Output", [split], x.shape.with(axis, size), x.dtype, { index })
    );
  }

  /**
   * A part of x.
   *
   * @param begin the first entry along each axis
   * @param size how many entries along each axis
   * @param steps distances between them, 1 by default; below 0 they are taken backwards
   */
  slice(x: Value, begin: readonly number[], size: readonly number[], steps?: readonly number[]): Value {
    if (sameShape(size, x.shape) && !steps) return x;
    if (x.op === "Fill") return this.fill(x.data![0]!, size, x.dtype);
    const axes = [...size.keys()].filter((axis) =>
      size[axis] !== x.shape[axis] || (steps?.[axis] ?? 1) !== 1
    );
    const ends = axes.map((axis) => {
      const step = steps?.[axis] ?? 1;
      const end = begin[axis]! + (size[axis]! - 1) * step + Math.sign(step);
      return end < 0 ? -x.shape[axis]! - 1 : end; // backwards past the first entry
    });
    const operands = [
      x,
      this.integers(axes.map((axis) => begin[axis]!)),
      this.integers(ends),
      this.integers(axes),
    ];
    if (steps) operands.push(this.integers(axes.map((axis) => steps[axis]!)));
    return this.node("Slice", operands, size, x.dtype);
  }

  /**
   * Entries of x at fixed distances along each axis of the result, in entries of x, from the one at `offset`. ONNX has
   * no such operator: `onnx/rewrite.ts` makes a gather of it.
   */
  strided(x: Value, shape: readonly number[], strides: readonly number[], offset: number): Value {
    if (x.op === "Fill") return this.fill(x.data![0]!, shape, x.dtype);
    return this.node("Strided", [x], shape, x.dtype, { strides, offset });
  }

  /** @param padding entries to add before and after each axis; negative ones are cut off */
  pad(x: Value, padding: readonly (readonly [number, number])[], value = 0): Value {
    if (padding.every(([before, after]) => before === 0 && after === 0)) return x;
    const shape = x.shape.map((side, axis) => side + padding[axis]![0] + padding[axis]![1]);
    const amounts = this.integers([
      ...padding.map(([before]) => before),
      ...padding.map(([, after]) => after),
    ]);
    return this.node("Pad", [x, amounts, this.fill(value, [], x.dtype)], shape, x.dtype);
  }

  /** Chooses entries of one axis by a tensor of integers. */
  gather(x: Value, indices: Value, axis: number): Value {
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    if (x.op === "Fill") return this.fill(x.data![0]!, shape, x.dtype);
    return this.node("Gather", [x, indices], shape, x.dtype, { axis });
  }

  // ------------------------------------------------------------------ reductions and products

  /** In operator set 17 a sum takes its axes as an operand, and every other reduction as an attribute. */
  reduce(op: Reduction, x: Value, axes: readonly number[], keepDims: boolean): Value {
    const shape = keepDims
      ? x.shape.map((side, axis) => axes.includes(axis) ? 1 : side)
      : x.shape.filter((_, axis) => !axes.includes(axis));
    if (axes.length === 0) return x;
    if (axes.every((axis) => x.shape[axis] === 1)) return this.reshape(x, shape);
    const sorted = axes.toSorted((a, b) => a - b);
    const keepdims = keepDims ? 1 : 0;
    if (op !== "ReduceSum") return this.node(op, [x], shape, x.dtype, { axes: sorted, keepdims });
    if (x.op === "Fill") {
      return this.fill(x.data![0]! * sizeOf(axes.map((axis) => x.shape[axis]!)), shape, x.dtype);
    }
    return this.node(op, [x, this.integers(sorted)], shape, x.dtype, { keepdims });
  }

  sum(x: Value, axes: readonly number[], keepDims = false): Value {
    return this.reduce("ReduceSum", x, axes, keepDims);
  }

  /** The matrix product over the last two axes; leading axes are batches and broadcast. */
  matMul(a: Value, b: Value, transposeA = false, transposeB = false): Value {
    const m = a.shape.at(transposeA ? -1 : -2)!, k = a.shape.at(transposeA ? -2 : -1)!;
    const n = b.shape.at(transposeB ? -2 : -1)!;
    if (b.shape.at(transposeB ? -1 : -2) !== k) {
      const shown = (x: Value, transposed: boolean) => `[${x.shape}]${transposed ? " transposed" : ""}`;
      throw new RangeError(
        `Cannot multiply matrices of ${shown(a, transposeA)} and ${shown(b, transposeB)}: inner sides differ`,
      );
    }
    const batchA = a.shape.slice(0, -2), batchB = b.shape.slice(0, -2);
    const batch = broadcastShape(batchA, batchB);
    if (sizeOf(batchB) === 1 && (sizeOf(batchA) === 1 || !transposeA)) {
      // One right-hand matrix for all: the batch is only more rows.
      const rows = sizeOf(batchA);
      const left = this.reshape(a, transposeA ? [k, m] : [rows * m, k]);
      const right = this.reshape(b, b.shape.slice(-2));
      return this.reshape(this.gemm(left, right, transposeA, transposeB), [...batch, m, n]);
    }
    const swap = (x: Value) => {
      const axes = [...x.shape.keys()];
      return this.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
    };
    return this.node("MatMul", [transposeA ? swap(a) : a, transposeB ? swap(b) : b], [...batch, m, n]);
  }

  /** The product of two matrices, each possibly transposed first. */
  gemm(a: Value, b: Value, transposeA: boolean, transposeB: boolean): Value {
    [a, transposeA] = untransposed(a, transposeA);
    [b, transposeB] = untransposed(b, transposeB);
    const m = a.shape[transposeA ? 1 : 0]!,
      k = a.shape[transposeA ? 0 : 1]!,
      n = b.shape[transposeB ? 0 : 1]!;
    if (k === 1 && !transposeA && !transposeB) return this.multiply(a, b);
    return this.node("Gemm", [a, b], [m, n], "float32", {
      transA: Number(transposeA),
      transB: Number(transposeB),
    });
  }
}

/** An operand of a product and its flag, with a transpose taken into the flag. */
export function untransposed(x: Value, flag: boolean): [x: Value, flag: boolean] {
  return x.op === "Transpose" ? [x.operands[0]!, !flag] : [x, flag];
}
