import { RECORD, told } from "./record.ts";

/**
 * Elementary functions to about two units in the last place. WGSL's own may be off by far more, each driver in its
 * own way: the polynomials are those of the native engine (`native/wasm/functions.ts`).
 */
const FUNCTIONS = {
  // The last number that a dispatch is told is always 0, which no compiler knows.
  as_it_is: `fn as_it_is(x: f32) -> f32 { return bitcast<f32>(bitcast<u32>(x) ^ ${told(RECORD - 1)}); }`,
  is_nan: `fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }`,
  // WGSL's own max and min may pass over NaN: a training that has gone wrong must be seen.
  maximum: `fn maximum(a: f32, b: f32) -> f32 { return select(select(b, a, a > b), a, is_nan(a)); }`,
  minimum: `fn minimum(a: f32, b: f32) -> f32 { return select(select(b, a, a < b), a, is_nan(a)); }`,
  // e^r 2^n for |r| <= log(2) / 2: Cephes' expf (Moshier, 1989), in two steps because 2^128 is not a float.
  exponential: `fn exponential(argument: f32) -> f32 {
  let x = clamp(argument, -87.3f, 89f);
  let n = round(x * 1.44269504f);
  let r = (x - n * 0.693359375f) - n * -2.12194440e-4f;
  let p = (((((1.9875691500e-4f * r + 1.3981999507e-3f) * r + 8.3334519073e-3f) * r + 4.1665795894e-2f) * r
    + 1.6666665459e-1f) * r + 5.0000001201e-1f) * (r * r) + r + 1f;
  let y = p * bitcast<f32>(u32(i32(n) + 126) << 23u) * 2f;
  return select(y, argument, is_nan(argument));
}`,
  // e^-|x|
  exp_of_minus: `fn exp_of_minus(argument: f32) -> f32 { return exponential(-min(abs(argument), 86.9f)); }`,
  exp_minus_1: `fn exp_minus_1(x: f32) -> f32 {
  let series = x * (1f + x * (0.5f + x * (0.16666667f + x * (0.041666668f + x * (0.008333334f + x * (0.0013888889f
    + x * 1.984127e-4f))))));
  return select(exponential(x) - 1f, series, abs(x) < 0.35f);
}`,
  elu: `fn elu(x: f32) -> f32 { return select(x, exp_minus_1(x), x < 0f); }`,
  // Cephes' logf: x = 2^e m with m around 1.
  logarithm: `fn logarithm(argument: f32) -> f32 {
  let x = max(argument, 1.17549435e-38f);
  let bits = bitcast<u32>(x);
  let half = bitcast<f32>((bits & 0x007fffffu) | 0x3f000000u);
  let small = half < 0.70710678f;
  let e = f32(i32(bits >> 23u) - 126) - select(0f, 1f, small);
  let r = (half - 1f) + select(0f, half, small);
  let z = r * r;
  let p = ((((((((7.0376836292e-2f * r - 1.1514610310e-1f) * r + 1.1676998740e-1f) * r - 1.2420140846e-1f) * r
    + 1.4249322787e-1f) * r - 1.6668057665e-1f) * r + 2.0000714765e-1f) * r - 2.4999993993e-1f) * r
    + 3.3333331174e-1f);
  let low = p * r * z + e * -2.12194440e-4f;
  let value = (r + (low - z * 0.5f)) + e * 0.693359375f;
  let infinity = bitcast<f32>(infinity_bits);
  let above = select(value, infinity, argument >= infinity);
  let positive = select(above, -infinity, argument == 0f);
  return select(positive, bitcast<f32>(nan_bits), argument < 0f || is_nan(argument));
}`,
  logistic: `fn logistic(x: f32) -> f32 {
  let e = exp_of_minus(x);
  let above = 1f / (1f + e);
  return select(select(above, above * e, x < 0f), x, is_nan(x));
}`,
  // max(x, 0) + log(1 + e), e = e^-|x|: 2 artanh(e / (2 + e)) by its series.
  softplus: `fn softplus(x: f32) -> f32 {
  let e = exp_of_minus(x);
  let s = e / (e + 2f);
  let q = s * s;
  let p = ((((((0.15384616f * q + 0.18181819f) * q + 0.22222222f) * q + 0.2857143f) * q + 0.4f) * q + 0.6666667f) * q
    + 2f);
  return select(max(x, 0f) + p * s, x, is_nan(x));
}`,
  // A rational function as in Eigen; beyond the bound it is exactly 1, or slopes of saturated units would not vanish.
  hyperbolic_tangent: `fn hyperbolic_tangent(argument: f32) -> f32 {
  let x = clamp(argument, -7.90531110763549805f, 7.90531110763549805f);
  let q = x * x;
  let p = ((((((-2.76076847742355e-16f * q + 2.00018790482477e-13f) * q - 8.60467152213735e-11f) * q
    + 5.12229709037114e-08f) * q + 1.48572235717979e-05f) * q + 6.37261928875436e-04f) * q + 4.89352455891786e-03f);
  let d = ((1.19825839466702e-06f * q + 1.18534705686654e-04f) * q + 2.26843463243900e-03f) * q
    + 4.89352518554385e-03f;
  let inside = x * p / d;
  let whole = select(inside, sign(argument), abs(argument) >= 7.90531110763549805f);
  return select(whole, argument, is_nan(argument));
}`,
  // x reduced by multiples of pi / 2 in three pieces (Cody and Waite, 1980), good to some thousands.
  sine_of: `fn sine_of(x: f32, quadrant: i32) -> f32 {
  let n = round(x * 0.63661975f);
  let r = ((x - n * 1.5703125f) - n * 4.8375129e-4f) - n * 7.5497899e-8f;
  let z = r * r;
  let s = r + r * z * (-1.6666654611e-1f + z * (8.3321608736e-3f - z * 1.9515295891e-4f));
  let c = 1f - 0.5f * z + z * z * (4.166664568298827e-2f + z * (-1.388731625493765e-3f + z * 2.443315711809948e-5f));
  let which = (i32(n) + quadrant) & 3;
  let value = select(s, c, (which & 1) == 1);
  return select(value, -value, which >= 2);
}`,
  sine: `fn sine(x: f32) -> f32 { return sine_of(x, 0); }`,
  cosine: `fn cosine(x: f32) -> f32 { return sine_of(x, 1); }`,
  // Near 0 its series, else Abramowitz and Stegun (1964), 7.1.26, refined by one more term of e^(-x^2).
  error_function: `fn error_function(x: f32) -> f32 {
  let a = min(abs(x), 4f);
  let z = a * a;
  var sum = 0f;
  var term = a;
  for (var n = 0; n < 60; n++) {
    sum += term;
    term *= 2f * z / f32(2 * n + 3);
  }
  let value = select(1.1283791671f * sum * exponential(-z), 1f, a >= 4f);
  return select(sign(x) * value, x, is_nan(x));
}`,
  power: `fn power(base: f32, exponent: f32) -> f32 {
  let whole = floor(exponent) == exponent;
  if (whole && abs(exponent) <= 16f) {
    var product = 1f;
    for (var n = 0; n < i32(abs(exponent)); n++) { product *= base; }
    return select(product, 1f / product, exponent < 0f);
  }
  let magnitude = exponential(exponent * logarithm(abs(base)));
  let odd = whole && (i32(exponent) & 1) == 1;
  let negative = select(bitcast<f32>(nan_bits), select(magnitude, -magnitude, odd), whole);
  return select(magnitude, negative, base < 0f);
}`,
  whole_quotient:
    `fn whole_quotient(a: f32, b: f32) -> f32 { return sign(a) * sign(b) * floor((abs(a) + 0.5f) / abs(b)); }`,
} as const;

type FunctionName = keyof typeof FUNCTIONS;
const NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** The functions that the code calls, and what these call. */
export function functionsOf(code: string): string {
  const needed = new Set<FunctionName>();
  const visit = (text: string): void => {
    for (const name of NAMES) {
      if (needed.has(name) || !new RegExp(`\\b${name}\\(`).test(text)) continue;
      needed.add(name);
      visit(FUNCTIONS[name]);
    }
  };
  visit(code);
  const text = NAMES.filter((name) => needed.has(name)).map((name) => FUNCTIONS[name]).join("\n");
  const constants = ["infinity_bits: u32 = 0x7f800000u", "nan_bits: u32 = 0x7fc00000u"]
    .filter((constant) => (text + code).includes(constant.split(":")[0]!));
  // Variables, since a constant expression must not be infinite.
  return [...constants.map((constant) => `var<private> ${constant};`), text].join("\n");
}
