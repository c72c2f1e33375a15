import { type Code, wasm } from "./assembler.ts";
import type { Body } from "./body.ts";

/**
 * Elementary functions of four floats at a time, to about two units in the last place. Neither fused
 * multiply-adds nor estimates: the bits are the same on every processor.
 */

const { f32x4, i32x4, v128 } = wasm;
const { add, sub, mul, div, atMost, atLeast } = f32x4;

/**
 * c0 x^n + ... + cn by Estrin's scheme: neighbours in pairs, then pairs of those with x^2, and so on. It takes more
 * multiplications than Horner's rule and far fewer one after the other, which is what these functions wait for.
 */
function polynomial(body: Body, x: Code, coefficients: readonly number[]): Code {
  let terms: Code[] = coefficients.toReversed().map((coefficient) => body.constant(coefficient));
  for (let power = x; terms.length > 1; power = body.let(mul(power, power))) {
    const pairs = terms.length >> 1;
    const merged = Array.from(
      { length: pairs },
      (_, i) => body.let(add(mul(terms[2 * i + 1]!, power), terms[2 * i]!)),
    );
    terms = [...merged, ...terms.slice(2 * pairs)];
  }
  return terms[0]!;
}

/** 1.5 * 2^23: added to a small number, it leaves that, rounded, in the low bits. */
const ROUNDING = 12582912;

/** e^r for |r| <= log(2) / 2 around n = x / log(2): e^x = 2^n e^r. `shifted` holds n in its low bits. */
function reduced(body: Body, x: Code): { value: Code; shifted: Code } {
  const shifted = body.let(add(mul(x, body.constant(Math.LOG2E)), body.constant(ROUNDING)));
  const n = body.let(sub(shifted, body.constant(ROUNDING)));
  // log(2) in two pieces, of which the first has few bits, so that its multiples are exact.
  const high = body.let(sub(x, mul(n, body.constant(0.693359375))));
  const r = body.let(sub(high, mul(n, body.constant(-2.12194440e-4))));
  // Cephes' expf (Moshier, 1989).
  const p = polynomial(body, r, [
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
  ]);
  return { value: body.let(add(add(mul(p, mul(r, r)), r), body.constant(1))), shifted };
}

/** 2^(n + more - 127) for the n in the low bits of `shifted`. */
function powerOfTwo(body: Body, shifted: Code, more: number): Code {
  return i32x4.shiftLeft(i32x4.add(shifted, body.integer(more)), 23);
}

/** e^x; 0 below -87, where it would be denormal. */
export function exp(body: Body, argument: Code): Code {
  const x = body.let(atLeast(atMost(argument, body.constant(89)), body.constant(-87.3)));
  const { value, shifted } = reduced(body, x);
  // By 2^(n - 1), because 2^128 is not a float and e^88.7 is.
  return body.let(mul(mul(value, powerOfTwo(body, shifted, 126)), body.constant(2)));
}

/** e^-|x| */
function expOfMinus(body: Body, argument: Code): Code {
  const x = body.let(atLeast(v128.or(argument, body.constant(-0)), body.constant(-86.9)));
  const { value, shifted } = reduced(body, x);
  return body.let(mul(value, powerOfTwo(body, shifted, 127)));
}

/** The logarithm of Cephes' logf: x = 2^e m with m around 1. */
export function log(body: Body, argument: Code): Code {
  const x = body.let(atLeast(argument, body.constant(1.17549435e-38)));
  const fraction = v128.or(v128.and(x, body.integer(0x007fffff)), body.integer(0x3f000000));
  const m = body.let(fraction);
  const isSmall = body.let(f32x4.less(m, body.constant(Math.SQRT1_2)));
  const exponent = i32x4.toFloat(i32x4.add(i32x4.shiftRight(x, 23), body.integer(-126)));
  const e = body.let(sub(exponent, v128.and(isSmall, body.constant(1))));
  const r = body.let(add(sub(m, body.constant(1)), v128.and(isSmall, m)));
  const z = body.let(mul(r, r));
  const p = polynomial(body, r, [
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  ]);
  const low = body.let(add(mul(mul(p, r), z), mul(e, body.constant(-2.12194440e-4))));
  const sum = body.let(add(r, sub(low, mul(z, body.constant(0.5)))));
  const value = body.let(add(sum, mul(e, body.constant(0.693359375))));
  // The logarithm of 0 is minus infinity, of infinity itself, of numbers below 0 and of NaN, NaN.
  const zero = body.constant(0), infinity = body.constant(Infinity);
  const finite = v128.select(f32x4.equal(argument, infinity), infinity, value);
  const positive = v128.select(f32x4.equal(argument, zero), body.constant(-Infinity), finite);
  return body.let(v128.select(f32x4.lessOrEqual(zero, argument), positive, body.constant(NaN)));
}

/** 1 / (1 + e^-x), with its relative precision also where it is small (to 2e-38). */
export function sigmoid(body: Body, x: Code): Code {
  const e = expOfMinus(body, x), one = body.constant(1);
  const above = body.let(div(one, add(one, e)));
  return body.let(v128.select(f32x4.less(x, body.constant(0)), mul(above, e), above));
}

/**
 * log(1 + e^x) = max(x, 0) + log(1 + e), e = e^-|x|, which is 2 artanh(s) for s = e / (2 + e) <= 1/3: its series,
 * shortened so that the largest error, relative to the function, is 6e-8.
 */
export function softplus(body: Body, x: Code): Code {
  const e = expOfMinus(body, x);
  const s = body.let(div(e, add(e, body.constant(2))));
  const square = body.let(mul(s, s));
  const p = polynomial(body, square, [2 / 13, 2 / 11, 2 / 9, 2 / 7, 2 / 5, 2 / 3, 2]);
  return body.let(add(atLeast(x, body.constant(0)), mul(p, s)));
}

/**
 * A rational function of degrees 13 and 6, as in Eigen, to 4e-7. Beyond the bounds it is +-1: were it just below, then
 * the slope 1 - y^2 of saturated units would not vanish.
 */
export function tanh(body: Body, argument: Code): Code {
  const bound = 7.90531110763549805;
  const x = body.let(atLeast(atMost(argument, body.constant(bound)), body.constant(-bound)));
  const square = body.let(mul(x, x));
  const p = polynomial(body, square, [
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
  ]);
  const q = polynomial(body, square, [
    1.19825839466702e-06,
    1.18534705686654e-04,
    2.26843463243900e-03,
    4.89352518554385e-03,
  ]);
  const inside = div(mul(x, p), q);
  const one = v128.or(v128.and(argument, body.constant(-0)), body.constant(1));
  const isBeyond = f32x4.lessOrEqual(body.constant(bound), f32x4.abs(argument)); // not of NaN
  return body.let(v128.select(isBeyond, one, inside));
}
