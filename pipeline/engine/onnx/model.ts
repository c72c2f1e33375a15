import type { INTERNAL, Op } from "../graph/operations.ts";
import type { Attributes, DType } from "../graph/value.ts";

/** An ONNX model as plain data, for `encodeModel` to write. */
export interface Model {
  readonly nodes: readonly ModelNode[];
  readonly initialisers: readonly Initialiser[];
  readonly inputs: readonly TensorDeclaration[];
  readonly outputs: readonly TensorDeclaration[];
}

/** An operator, `NodeProto`. */
export interface ModelNode {
  readonly op: Exclude<Op, typeof INTERNAL[number]> | "Shape";
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** A tensor whose entries are part of the model, `TensorProto`. */
export interface Initialiser {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: ArrayLike<number>;
}

/** An input or output of the model, `ValueInfoProto`. */
export interface TensorDeclaration {
  readonly name: string;
  /** A string names a length that the caller chooses. */
  readonly shape: readonly (number | string)[];
  readonly dtype: DType;
}

/** `TensorProto.DataType` of ONNX. */
export const ELEMENT_TYPES: Readonly<Record<DType, number>> = { float32: 1, int32: 6, int64: 7, bool: 9 };
