/**
 * Importance-weighted estimates of log p(x) (Burda et al., 2016): for k samples z_s of q(z|x),
 * L_k = E[log (1/k) sum_s p(x, z_s) / q(z_s|x)] <= log p(x), which grows with k. L_1 is the ELBO.
 */

/** log of the mean of exp(values[from..to)), which neither overflows nor loses the small ones. */
export function logMeanExp(values: ArrayLike<number>, from = 0, to = values.length): number {
  let largest = -Infinity;
  for (let i = from; i < to; i++) largest = Math.max(largest, values[i]!);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp(values[i]! - largest);
  return largest + Math.log(sum / (to - from));
}

/**
 * L_k of one example in nats, from the logarithms of its importance weights: the mean over as many separate
 * groups of k samples as there are.
 *
 * @throws {RangeError} where there are fewer than k
 */
export function importanceWeightedBound(logWeights: ArrayLike<number>, k: number): number {
  const groups = Math.floor(logWeights.length / k);
  if (groups < 1) {
    throw new RangeError(`Cannot estimate: ${k} samples are wanted and ${logWeights.length} are given`);
  }
  let sum = 0;
  for (let group = 0; group < groups; group++) sum += logMeanExp(logWeights, group * k, (group + 1) * k);
  return sum / groups;
}

/** Numbers of samples for a curve: 1, 5, 10, 50, 100, ... below `samples`, and `samples` itself. */
export function sampleCounts(samples: number): number[] {
  const counts: number[] = [];
  for (let decade = 1; decade < samples; decade *= 10) {
    for (const count of [decade, 5 * decade]) if (count < samples) counts.push(count);
  }
  return [...counts, samples];
}

/** The mean, and the standard error of the mean: standard deviation / sqrt(n); NaN where one value cannot show it. */
export function meanAndError(values: ArrayLike<number>): { mean: number; standardError: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : NaN };
}

/**
 * The standard error of a ratio of two sums over examples, such as nats over steps (Cochran, 1977, section 2.11); NaN
 * where one example cannot show it.
 *
 * @param sizes what each of the values is divided by: all above 0
 */
export function ratioError(values: ArrayLike<number>, sizes: ArrayLike<number>): number {
  const size = meanAndError(sizes).mean, ratio = meanAndError(values).mean / size;
  return meanAndError(Float64Array.from(values, (value, i) => value - ratio * sizes[i]!)).standardError /
    size;
}

/**
 * The mean over a population of a costly value that was measured on some members, drawn at random, with the help
 * of a cheap estimate of it that is known for all: the mean of that one, plus the mean difference on those measured
 * between the costly value and a control (the difference estimator: Cochran, 1977, section 7.10). The control must
 * have the cheap estimate's expectation, and may be a better measurement of it; the closer it is to the costly
 * value, the smaller the error.
 *
 * @param known the cheap estimate of every member
 * @param indices which members were measured
 * @param measured the costly value of those, in the same order
 * @param control of those, in the same order
 */
export function differenceEstimate(
  known: ArrayLike<number>,
  indices: ArrayLike<number>,
  measured: ArrayLike<number>,
  control: ArrayLike<number>,
): { mean: number; standardError: number } {
  const all = meanAndError(known);
  const difference = Float64Array.from(measured, (value, i) => value - control[i]!);
  const differences = meanAndError(difference);
  // Those measured are in both means, which therefore vary together.
  const shared = 2 * covariance(Float64Array.from(indices, (i) => known[i]!), difference) / known.length;
  const variance = all.standardError ** 2 + differences.standardError ** 2 + shared;
  return { mean: all.mean + differences.mean, standardError: Math.sqrt(Math.max(0, variance)) };
}

/** The sample covariance, with n - 1. */
function covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [left, right] = [meanAndError(a).mean, meanAndError(b).mean];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - left) * (b[i]! - right);
  return sum / (a.length - 1);
}
