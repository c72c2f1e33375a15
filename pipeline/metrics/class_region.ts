import { aggregateMoments, type Moments, type Posteriors } from "./latent.ts";
import { rowsAt } from "./matrix.ts";

/**
 * Where a class lies in latent space: the mean and covariance of the aggregate posterior of its examples.
 * Undefined where there are none.
 */
export function classRegion(
  posteriors: Posteriors,
  labels: ArrayLike<number>,
  label: number,
): Moments | undefined {
  const own = Array.from(labels).flatMap((other, i) => other === label ? [i] : []);
  if (own.length === 0) return undefined;
  const { mean, logVariance } = posteriors;
  return aggregateMoments({ mean: rowsAt(mean, own), logVariance: rowsAt(logVariance, own) });
}

/**
 * Codes drawn from the Gaussian with these moments.
 * @param noise standard normal, [n, latent size]
 */
export function sampleRegion({ mean, covariance }: Moments, noise: Float32Array): Float32Array {
  const size = mean.length;
  const factor = cholesky(covariance, size);
  return Float32Array.from(noise, (_, i) => {
    const [row, j] = [i - i % size, i % size];
    let value = mean[j]!;
    for (let k = 0; k <= j; k++) value += factor[j * size + k]! * noise[row + k]!;
    return value;
  });
}

/** The lower triangle L with L L' = matrix, for a symmetric positive definite matrix [size, size]. */
function cholesky(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * size + k]! * factor[j * size + k]!;
      factor[i * size + j] = i === j ? Math.sqrt(rest) : rest / factor[j * size + j]!;
    }
  }
  return factor;
}
