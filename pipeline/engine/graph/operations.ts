/*
 * What a value of a graph can be computed by. The names are those of ONNX operators (operator set 17), but for the
 * internal ones.
 */

/**
 * What an ONNX model says in another way. `Input`: what a graph is given. `Constant`: a tensor whose entries are
 * known. `Fill`: one known number everywhere. `Output`: one result of an operator that has several. `SparseGemm`: a
 * product of matrices whose left one is mostly zeros, which are skipped. `Strided`: entries at fixed distances.
 */
export const INTERNAL = ["Input", "Constant", "Fill", "Output", "SparseGemm", "Strided"] as const;

/** Functions of one number. */
export const UNARY = [
  "Abs",
  "Ceil",
  "Cos",
  "Elu",
  "Erf",
  "Exp",
  "Floor",
  "HardSigmoid",
  "LeakyRelu",
  "Log",
  "Neg",
  "Reciprocal",
  "Relu",
  "Round",
  "Selu",
  "Sigmoid",
  "Sign",
  "Sin",
  "Softplus",
  "Sqrt",
  "Tanh",
] as const;

/** Functions of two numbers, which broadcast as NumPy does. */
export const ARITHMETIC = ["Add", "Sub", "Mul", "Div", "Max", "Min", "Pow"] as const;

/** Comparisons of two numbers, which broadcast and give truth values. */
export const COMPARISONS = ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"] as const;

/** Connectives of two truth values, which broadcast. */
export const LOGICAL = ["And", "Or"] as const;

/** Reductions whose axes are an attribute; those of `ReduceSum` are an operand. */
export const REDUCTIONS = ["ReduceMax", "ReduceMin", "ReduceProd"] as const;

/** Operators of one operand, entry by entry. */
export type Unary = typeof UNARY[number] | "Not";
/** Operators of two operands, entry by entry, broadcast. */
export type Binary = typeof ARITHMETIC[number] | typeof COMPARISONS[number] | typeof LOGICAL[number];
/** Operators that make one entry of all along some axes. */
export type Reduction = typeof REDUCTIONS[number] | "ReduceSum";

/** Every operator that a graph can have. */
export type Op =
  | typeof INTERNAL[number]
  | Unary
  | Binary
  | Reduction
  | "ArgMax"
  | "ArgMin"
  | "Cast"
  | "Concat"
  | "CumSum"
  | "Expand"
  | "Gather"
  | "Gemm"
  | "Identity"
  | "IsNaN"
  | "LogSoftmax"
  | "MatMul"
  | "Pad"
  | "Reshape"
  | "Slice"
  | "Softmax"
  | "Split"
  | "Tile"
  | "Transpose"
  | "Where";
