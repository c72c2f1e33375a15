import type { Op } from "./operations.ts";
import type { Attributes, DType, Value } from "./value.ts";

/** The values of a graph. Equal ones are one value (hash-consing), whatever their operators mean. */
export class NodeTable {
  #count = 0;
  readonly #values = new Map<string, Value>();
  readonly #memo = new Map<string, Value>();

  input(name: string, shape: readonly number[], dtype: DType = "float32"): Value {
    return { id: this.#count++, op: "Input", operands: [], attributes: {}, shape: [...shape], dtype, name };
  }

  /** A tensor of one number everywhere. */
  fill(number: number, shape: readonly number[], dtype: DType = "float32"): Value {
    const stored = dtype === "float32" ? Math.fround(number) : number;
    // JSON has no -0, NaN or infinity.
    const key = `Fill ${Object.is(stored, -0) ? "-0" : stored} [${shape}] ${dtype}`;
    return this.#remember(
      key,
      () => ({ op: "Fill", operands: [], attributes: {}, shape: [...shape], dtype, data: [stored] }),
    );
  }

  /** A tensor of known entries, which is a `Fill` where they are all the same. */
  constant(data: ArrayLike<number>, shape: readonly number[], dtype: DType): Value {
    let same = data.length > 0;
    for (let i = 1; i < data.length && same; i++) same = Object.is(data[i], data[0]);
    if (same) return this.fill(data[0]!, shape, dtype);
    const copy = Array.from(data); // the caller's array may change before the graph is done
    return {
      id: this.#count++,
      op: "Constant",
      operands: [],
      attributes: {},
      shape: [...shape],
      dtype,
      data: copy,
    };
  }

  /** Shapes, axes and bounds, which ONNX takes as int64 operands. */
  integers(data: readonly number[]): Value {
    return this.#remember(
      `Integers ${data}`,
      () => ({ op: "Constant", operands: [], attributes: {}, shape: [data.length], dtype: "int64", data }),
    );
  }

  /** A `Constant` or `Fill` of another graph, as one of this. */
  adopt({ op, data, shape, dtype }: Value): Value {
    if (op === "Fill") return this.fill(data![0]!, shape, dtype);
    return dtype === "int64" && shape.length === 1
      ? this.integers(Array.from(data!))
      : this.constant(data!, shape, dtype);
  }

  /** A constant that is costly to compute, made once per key. */
  memo(key: string, make: () => Value): Value {
    let value = this.#memo.get(key);
    if (value === undefined) this.#memo.set(key, value = make());
    return value;
  }

  #remember(key: string, make: () => Omit<Value, "id">): Value {
    let value = this.#values.get(key);
    if (value === undefined) this.#values.set(key, value = { id: this.#count++, ...make() });
    return value;
  }

  /** An operator as it is, without any simplification. */
  node(
    op: Op,
    operands: readonly Value[],
    shape: readonly number[],
    dtype: DType = "float32",
    attributes: Attributes = {},
  ): Value {
    const key = `${op}(${operands.map(({ id }) => id)}) ${keyOf(attributes)} [${shape}] ${dtype}`;
    return this.#remember(key, () => ({ op, operands, attributes, shape: [...shape], dtype }));
  }
}

function keyOf(attributes: Attributes): string {
  for (const _ in attributes) return JSON.stringify(attributes);
  return ""; // most have none
}
