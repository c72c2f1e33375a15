/**
 * The probability that a variable with Student's t distribution lies further from 0 than `t`.
 * @param degrees of freedom, a positive number that need not be whole
 * @throws {RangeError} where it is not positive
 */
export function studentTail(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`Cannot compute: there are ${degrees} degrees of freedom`);
  return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
}

/**
 * The value that a variable with Student's t distribution stays below with the probability `share`, by bisection.
 * @param degrees of freedom, a positive number that need not be whole
 * @throws {RangeError} where that is not positive, or the share not between 0 and 1
 */
export function studentQuantile(share: number, degrees: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError(`Cannot compute: ${share} is no share between 0 and 1`);
  if (share < 0.5) return -studentQuantile(1 - share, degrees);
  const below = (t: number) => 1 - studentTail(t, degrees) / 2;
  let [low, high] = [0, 1];
  while (below(high) < share) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (below(middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** The regularised incomplete beta function I_x(a, b) (DLMF 8.17.22, evaluated as by Lentz, 1976). */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The continued fraction converges quickly on this side only.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  );
  let [c, d, fraction] = [1, 0, 1];
  for (let i = 0; i < 500; i++) {
    const m = i >> 1;
    const term = i === 0
      ? 1
      : i % 2 === 0
      ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + term * d);
    c = 1 + term / c;
    fraction *= c * d;
    if (Math.abs(1 - c * d) < 1e-15) break;
  }
  return front * (fraction - 1) / a;
}

/** Lanczos's approximation with g = 7 and nine terms; 15 digits for x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const sum = LANCZOS.reduce(
    (sum, coefficient, i) => sum + (i === 0 ? coefficient : coefficient / (x - 1 + i)),
    0,
  );
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

const LANCZOS = [
  0.99999999999980993,
  676.5203681218851,
  -1259.1392167224028,
  771.32342877765313,
  -176.61502916214059,
  12.507343278686905,
  -0.13857109526572012,
  9.9843695780195716e-6,
  1.5056327351493116e-7,
];
