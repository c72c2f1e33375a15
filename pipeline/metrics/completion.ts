import { type Matrix, type MatrixProduct, rowBlocks, rowsOf } from "./matrix.ts";

/** Filling in what cannot be seen of examples; all lists of examples are flat, [n, values]. */

/**
 * The likelihood of one value as an exponential family in x itself: log p(x) = x η - A(η) + log h(x), in nats. What it
 * says of many examples under many means is then a product of matrices.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { ExponentialFamily } from "reparam";
 *
 * // Poisson: x log λ - λ - log x!
 * const poisson: ExponentialFamily = { natural: Math.log, logNormaliser: (mean) => mean };
 * assert.equal(3 * poisson.natural(1) - poisson.logNormaliser(1), -1);
 * ```
 */
export interface ExponentialFamily {
  /** η, the natural parameter of the distribution with this mean. */
  natural(mean: number): number;
  /** A(η), the log-normaliser of the distribution with this mean. */
  logNormaliser(mean: number): number;
}

/** Whether each value of an example is hidden. */
export type Hidden = ReadonlyArray<boolean>;

/** The examples with hidden values set to 0. */
export function hide(examples: Float32Array, hidden: Hidden): Float32Array {
  return examples.map((value, i) => hidden[i % hidden.length] ? 0 : value);
}

/** The examples with hidden values taken from `made`, which has a row for each example, or one for all. */
export function fill(examples: Float32Array, hidden: Hidden, made: ArrayLike<number>): Float32Array {
  return examples.map((value, i) => hidden[i % hidden.length] ? made[i % made.length]! : value);
}

/**
 * What the hidden values are expected to be, given the seen ones: the mean of `candidates` weighted by the likelihood
 * of the seen values. With decoded codes as candidates this is inference of z from a part of an example, by importance
 * sampling from where the codes were taken.
 *
 * @param candidates expected values, [candidates, values]
 * @param likelihood of a value where a candidate's is expected
 */
export function expectedCompletion(
  examples: Float32Array,
  hidden: Hidden,
  candidates: Matrix,
  likelihood: ExponentialFamily,
  product: MatrixProduct,
): Float32Array {
  const { columns } = candidates;
  const seen = (value: number, i: number) => hidden[i % columns] ? 0 : value;
  const parameters: Matrix = {
    ...candidates,
    data: candidates.data.map((mean, i) => seen(likelihood.natural(mean), i)),
  };
  const normalisers = new Float64Array(candidates.rows);
  candidates.data.forEach((mean, i) =>
    normalisers[Math.floor(i / columns)]! += seen(likelihood.logNormaliser(mean), i)
  );

  const made = new Float32Array(examples.length);
  for (
    const { from, block } of rowBlocks({ rows: examples.length / columns, columns, data: examples }, 100)
  ) {
    const scores = product(block, parameters, "b").data.slice();
    const weights = { rows: block.rows, columns: candidates.rows, data: scores };
    for (let i = 0; i < block.rows; i++) softmax(rowsOf(weights, i, i + 1).data, normalisers);
    made.set(product(weights, candidates).data, from * columns);
  }
  return fill(examples, hidden, made);
}

/** Softmax of scores - offsets, in place of the scores. */
function softmax(scores: Float32Array, offsets: Float64Array): void {
  let largest = -Infinity;
  scores.forEach((score, k) => largest = Math.max(largest, score - offsets[k]!));
  let sum = 0;
  scores.forEach((score, k) => sum += scores[k] = Math.exp(score - offsets[k]! - largest));
  scores.forEach((weight, k) => scores[k] = weight / sum);
}

/**
 * Mean squared difference over the values that `counted` selects, over all examples; all values where it is left out.
 */
export function meanSquaredError(made: Float32Array, truth: Float32Array, counted?: Hidden): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < truth.length; i++) {
    if (counted && !counted[i % counted.length]) continue;
    sum += (made[i]! - truth[i]!) ** 2;
    count++;
  }
  return sum / count;
}

/** Peak signal-to-noise ratio in decibels, of values in [0, 1] with this mean squared error. */
export function psnr(meanSquaredError: number): number {
  return -10 * Math.log10(meanSquaredError);
}
