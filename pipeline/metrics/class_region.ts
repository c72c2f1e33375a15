import { aggregateMoments, type Moments, type Posteriors } from "./latent.ts";
import { type Matrix, rowsOf } from "./matrix.ts";

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
  const pick = (matrix: Matrix): Matrix => {
    const { columns } = matrix;
    const data = new Float32Array(own.length * columns);
    own.forEach((row, i) => data.set(rowsOf(matrix, row, row + 1).data, i * columns));
    return { rows: own.length, columns, data };
  };
  return aggregateMoments({ mean: pick(posteriors.mean), logVariance: pick(posteriors.logVariance) });
}

/**
 * Codes drawn from the Gaussian with these moments.
 * @param noise standard normal, [n, latent size]
 */
export function sampleRegion({ centre, matrix }: Moments, noise: Float32Array): Float32Array {
  const size = centre.length;
  const factor = cholesky(matrix, size);
  return Float32Array.from(noise, (_, i) => {
    const [row, j] = [i - i % size, i % size];
    let value = centre[j]!;
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
