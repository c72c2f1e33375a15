import { type Eigenpairs, symmetricEigenpairs } from "./eigen.ts";
import { logMeanExp } from "./importance.ts";
import type { Matrix } from "./matrix.ts";

/** What a set of examples makes of the latent space; in nats. */

/** The diagonal Gaussian q(z|x) of each example; both [examples, latent size]. */
export interface Posteriors {
  /** The mean of z, [examples, latent size]. */
  readonly mean: Matrix;
  /** The logarithm of the variance of each dimension of z, [examples, latent size]. */
  readonly logVariance: Matrix;
}

/** KL(q(z_j|x) || N(0, 1)) of each dimension, averaged over the examples. */
export function klPerDimension(posteriors: Posteriors): Float64Array {
  const { rows, columns } = posteriors.mean;
  const kl = new Float64Array(columns);
  for (let i = 0; i < rows * columns; i++) kl[i % columns]! += klTerm(posteriors, i) / rows;
  return kl;
}

/** KL(q(z|x) || N(0, I)) of each example. */
export function klPerExample(posteriors: Posteriors): Float64Array {
  const { rows, columns } = posteriors.mean;
  const kl = new Float64Array(rows);
  for (let i = 0; i < rows * columns; i++) kl[Math.floor(i / columns)]! += klTerm(posteriors, i);
  return kl;
}

/** KL(q(z_j|x) || N(0, 1)) of one example and dimension (Kingma and Welling, 2014, appendix B). */
function klTerm({ mean, logVariance }: Posteriors, at: number): number {
  const [m, l] = [mean.data[at]!, logVariance.data[at]!];
  return (m * m + Math.exp(l) - l - 1) / 2;
}

/**
 * The variance over the examples of each dimension's posterior mean, [latent size]. A unit is called active where it
 * is above 0.01 (Burda et al., 2016, section 5.2).
 *
 * @param means [examples, latent size]
 */
export function varianceOfMeans(means: Matrix): Float64Array {
  const { covariance } = moments(means);
  return Float64Array.from({ length: means.columns }, (_, j) => covariance[j * means.columns + j]!);
}

/**
 * The mutual information of an example's index and its code (Hoffman and Johnson, 2016): the mean of
 * log q(z|x) - log q(z), where q(z) is the mixture of all the examples' posteriors. It cannot exceed the
 * logarithm of the number of examples, however much the codes tell.
 *
 * @param owners the examples whose codes are drawn, one each
 * @param noise standard normal, [owners, latent size]
 */
export function mutualInformation(
  { mean, logVariance }: Posteriors,
  owners: ArrayLike<number>,
  noise: Matrix,
): number {
  const { rows, columns } = mean;
  const precision = Float64Array.from(logVariance.data, (l) => Math.exp(-l));
  const logNormaliser = new Float64Array(rows);
  for (let i = 0; i < logVariance.data.length; i++) {
    logNormaliser[Math.floor(i / columns)]! -= logVariance.data[i]! / 2;
  }
  const z = new Float64Array(columns);
  const logDensities = new Float64Array(rows);
  let information = 0;
  for (let sample = 0; sample < noise.rows; sample++) {
    const own = owners[sample]!;
    for (let d = 0; d < columns; d++) {
      const at = own * columns + d;
      z[d] = mean.data[at]! + Math.exp(logVariance.data[at]! / 2) * noise.data[sample * columns + d]!;
    }
    for (let i = 0; i < rows; i++) {
      let distance = 0;
      for (let d = 0, at = i * columns; d < columns; d++, at++) {
        const difference = z[d]! - mean.data[at]!;
        distance += difference * difference * precision[at]!;
      }
      logDensities[i] = logNormaliser[i]! - distance / 2; // + a constant that the difference cancels
    }
    information += (logDensities[own]! - logMeanExp(logDensities)) / noise.rows;
  }
  return information;
}

/**
 * KL(N(m, C) || N(0, I)) with the mean and covariance of the aggregate posterior, the mixture of the examples'
 * posteriors. The KL of the aggregate posterior itself is at least this: the moments say nothing of its shape.
 *
 * Moments of n examples make it too large, of a normal distribution in d dimensions by about d (d + 3) / 4n: that
 * bias is estimated to the order 1 / n, for whatever distribution, and taken off. Never below 0, as no KL is.
 */
export function momentMatchedKl(posteriors: Posteriors): number {
  const { mean, covariance } = aggregateMoments(posteriors);
  const { values, vectors } = symmetricEigenpairs(covariance, mean.length);
  // Per direction: (variance - 1 - log variance + squared mean) / 2.
  const spread = values.reduce((sum, variance) => sum + variance - 1 - Math.log(variance), 0);
  const plain = (spread + mean.reduce((sum, m) => sum + m * m, 0)) / 2;
  return Math.max(0, plain - momentBias(posteriors, mean, { values, vectors }));
}

/**
 * The bias of `momentMatchedKl` by the delta method. Those of the squared mean and of the trace cancel; what is left is
 * that of -log det C / 2. With P = C^-1, and A = diag(v) + u u' of an example with variances v and a mean that is u
 * away from the others' mean: (E[u' P u] / 2 + (E[tr(P A P A)] - d) / 4) / n.
 */
function momentBias(
  { mean: { rows, columns, data }, logVariance }: Posteriors,
  mean: Float64Array,
  { values, vectors }: Eigenpairs,
): number {
  const precision = new Float64Array(columns * columns);
  values.forEach((value, k) => {
    const vector = vectors.subarray(k * columns, (k + 1) * columns);
    vector.forEach((a, i) => vector.forEach((b, j) => precision[i * columns + j]! += a * b / value));
  });
  let linear = 0, quadratic = 0;
  const v = new Float64Array(columns), u = new Float64Array(columns);
  for (let row = 0; row < data.length; row += columns) {
    for (let i = 0; i < columns; i++) {
      v[i] = Math.exp(logVariance.data[row + i]!);
      u[i] = data[row + i]! - mean[i]!;
    }
    let uPu = 0;
    for (let i = 0; i < columns; i++) {
      let Pu = 0, squares = 0;
      for (let j = 0, at = i * columns; j < columns; j++, at++) {
        Pu += precision[at]! * u[j]!;
        squares += precision[at]! ** 2 * v[j]!;
      }
      quadratic += v[i]! * (squares + 2 * Pu * Pu) / rows;
      uPu += u[i]! * Pu;
    }
    quadratic += uPu * uPu / rows;
    linear += uPu / rows;
  }
  return (linear / 2 + (quadratic - columns) / 4) / rows;
}

/** The first two moments of a distribution over the latent space. */
export interface Moments {
  /** [latent size] */
  readonly mean: Float64Array;
  /** [latent size, latent size] */
  readonly covariance: Float64Array;
}

/** The moments of the aggregate posterior, the mixture of the examples' posteriors. */
export function aggregateMoments({ mean: means, logVariance }: Posteriors): Moments {
  const { rows, columns } = means;
  const { mean, covariance } = moments(means);
  for (let i = 0; i < logVariance.data.length; i++) {
    covariance[(i % columns) * (columns + 1)]! += Math.exp(logVariance.data[i]!) / rows;
  }
  return { mean, covariance };
}

/** Mean [columns] and covariance [columns, columns] of the rows, divided by their number. */
export function moments({ rows, columns, data }: Matrix): Moments {
  const mean = new Float64Array(columns);
  for (let i = 0; i < data.length; i++) mean[i % columns]! += data[i]! / rows;
  const covariance = new Float64Array(columns * columns);
  for (let row = 0; row < data.length; row += columns) {
    for (let i = 0; i < columns; i++) {
      const left = (data[row + i]! - mean[i]!) / rows;
      for (let j = 0; j < columns; j++) covariance[i * columns + j]! += left * (data[row + j]! - mean[j]!);
    }
  }
  return { mean, covariance };
}
