import type { EntryStep } from "../../graph/entrywise.ts";
import type { Attribute, Attributes } from "../../graph/value.ts";
import { float } from "./source.ts";

/** An elementwise operator as a WGSL expression of its operands' names. Truth values are 1 and 0. */
export type Operation = (operands: readonly string[], attributes: Attributes, isWhole: boolean) => string;

const call = (name: string): Operation => (operands) => `${name}(${operands.join(", ")})`;
const infix = (sign: string): Operation => ([a, b]) => `(${a} ${sign} ${b})`;
const truth = (condition: (operands: readonly string[]) => string): Operation => (operands) =>
  `select(0f, 1f, ${condition(operands)})`;
const comparison = (sign: string) => truth(([a, b]) => `${a} ${sign} ${b}`);
const number = (attribute: Attribute | undefined) => float((attribute as { readonly float: number }).float);

/** The operators that a kernel computes entry by entry; a function is called where WGSL's own is too imprecise. */
export const OPERATIONS: Readonly<Partial<Record<EntryStep["op"], Operation>>> = {
  Identity: ([x]) => x!,
  Abs: call("abs"),
  Add: infix("+"),
  And: infix("*"),
  Cast: ([x], { to }) => to === 1 ? `select(0f, 1f, ${x} != 0f)` : to === 2 ? `trunc(${x})` : x!,
  Ceil: call("ceil"),
  Cos: call("cosine"),
  Div: (operands, _, isWhole) =>
    isWhole ? call("whole_quotient")(operands, _, isWhole) : infix("/")(operands, _, isWhole),
  Elu: call("elu"),
  Equal: comparison("=="),
  Erf: call("error_function"),
  Exp: call("exponential"),
  Floor: call("floor"),
  Flush: ([x, bound]) => `select(${x}, 0f, abs(${x}) < ${bound})`,
  Greater: comparison(">"),
  GreaterOrEqual: comparison(">="),
  HardSigmoid: ([x], { alpha, beta }) => `clamp(${x} * ${number(alpha)} + ${number(beta)}, 0f, 1f)`,
  IsNaN: truth(([x]) => `is_nan(${x})`),
  LeakyRelu: ([x], { alpha }) => `select(${x}, ${x} * ${number(alpha)}, ${x} < 0f)`,
  Less: comparison("<"),
  LessOrEqual: comparison("<="),
  Log: call("logarithm"),
  Max: call("maximum"),
  Min: call("minimum"),
  Mul: infix("*"),
  Neg: ([x]) => `(-${x})`,
  Not: ([x]) => `(1f - ${x})`,
  Or: call("max"),
  Pow: call("power"),
  Reciprocal: ([x]) => `(1f / ${x})`,
  Relu: ([x]) => `maximum(${x}, 0f)`,
  Round: call("round"),
  Selu: ([x]) => `(1.05070098735548f * select(${x}, 1.67326324235437f * exp_minus_1(${x}), ${x} < 0f))`,
  Sigmoid: call("logistic"),
  Sign: call("sign"),
  Sin: call("sine"),
  Softplus: call("softplus"),
  Sqrt: call("sqrt"),
  Sub: infix("-"),
  Tanh: call("hyperbolic_tangent"),
  Where: ([mask, a, b]) => `select(${b}, ${a}, ${mask} != 0f)`,
};
