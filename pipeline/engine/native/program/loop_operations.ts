import type { Op } from "../../graph/operations.ts";
import type { Attributes } from "../../graph/value.ts";
import { type Code, wasm } from "../wasm/assembler.ts";
import type { Body } from "../wasm/body.ts";
import { exp, log, sigmoid, softplus, tanh } from "../wasm/functions.ts";

/** The code of four entries of an elementwise operator, from those of its operands. Truth values are masks. */
type LoopOperation = (body: Body, operands: readonly Code[], attributes: Attributes) => Code;

const { f32x4, v128 } = wasm;

const unary = (code: (x: Code) => Code): LoopOperation => (_, [x]) => code(x!);
const binary = (code: (a: Code, b: Code) => Code): LoopOperation => (_, [a, b]) => code(a!, b!);

/** The operators that a loop can compute. */
export const LOOP_OPERATIONS: Readonly<Partial<Record<Op | "Flush", LoopOperation>>> = {
  Identity: unary((x) => x),
  Expand: unary((x) => x),
  Add: binary(f32x4.add),
  Sub: binary(f32x4.sub),
  Mul: binary(f32x4.mul),
  Div: binary(f32x4.div),
  Max: binary(f32x4.max),
  Min: binary(f32x4.min),
  Neg: unary(f32x4.negate),
  Abs: unary(f32x4.abs),
  Sqrt: unary(f32x4.sqrt),
  Flush: binary((x, bound) => v128.without(x, f32x4.less(f32x4.abs(x), bound))),
  Floor: unary(f32x4.floor),
  Ceil: unary(f32x4.ceil),
  Reciprocal: (body, [x]) => f32x4.div(body.constant(1), x!),
  Exp: (body, [x]) => exp(body, x!),
  Log: (body, [x]) => log(body, x!),
  Sigmoid: (body, [x]) => sigmoid(body, x!),
  Softplus: (body, [x]) => softplus(body, x!),
  Tanh: (body, [x]) => tanh(body, x!),
  Relu: (body, [x]) => f32x4.atLeast(x!, body.constant(0)),
  LeakyRelu: (body, [x], attributes) => {
    const below = f32x4.mul(x!, body.constant(number(attributes.alpha)));
    return v128.select(f32x4.less(x!, body.constant(0)), below, x!);
  },
  HardSigmoid: (body, [x], attributes) => {
    const line = f32x4.add(
      f32x4.mul(x!, body.constant(number(attributes.alpha))),
      body.constant(number(attributes.beta)),
    );
    return f32x4.atMost(f32x4.atLeast(line, body.constant(0)), body.constant(1));
  },
  Elu: (body, [x]) => {
    const below = f32x4.sub(exp(body, x!), body.constant(1));
    return v128.select(f32x4.less(x!, body.constant(0)), below, x!);
  },
  Where: (_, [mask, a, b]) => v128.select(mask!, a!, b!),
  Cast: (body, [mask]) => v128.and(mask!, body.constant(1)),
  Equal: binary(f32x4.equal),
  Less: binary(f32x4.less),
  LessOrEqual: binary(f32x4.lessOrEqual),
  Greater: (_, [a, b]) => f32x4.less(b!, a!),
  GreaterOrEqual: (_, [a, b]) => f32x4.lessOrEqual(b!, a!),
  And: binary(v128.and),
  Or: binary(v128.or),
  Not: unary(v128.not),
  IsNaN: unary((x) => f32x4.notEqual(x, x)),
};

function number(attribute: Attributes[string] | undefined): number {
  return (attribute as { readonly float: number }).float;
}
