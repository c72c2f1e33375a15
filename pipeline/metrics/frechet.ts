import { symmetricEigenpairs } from "./eigen.ts";
import { type Moments, moments } from "./latent.ts";
import type { Matrix } from "./matrix.ts";

/**
 * The Fréchet distance of the Gaussians with the moments of two sets of features (Dowson and Landau, 1982; Heusel et
 * al., 2017, equation 6): |m1 - m2|² + tr(C1 + C2 - 2 (C1 C2)^(1/2)). It is above 0 for two samples of one
 * distribution, the more the fewer they are: compare sets of equal size only.
 *
 * @param a [examples, features], at least one; covariances are divided by the number of examples
 * @param b as `a`
 */
export function frechetDistance(a: Matrix, b: Matrix): number {
  const [one, other] = [moments(a), moments(b)];
  const size = a.columns;
  const shift = one.mean.reduce((sum, mean, i) => sum + (mean - other.mean[i]!) ** 2, 0);
  const root = squareRoot(one, size);
  // (C1 C2)^(1/2) has the trace of (R C2 R)^(1/2), R the root of C1, which is symmetric.
  const product = symmetric(times(times(root, other.covariance, size), root, size), size);
  const cross = symmetricEigenpairs(product, size).values.reduce(
    (sum, value) => sum + Math.sqrt(Math.max(0, value)),
    0,
  );
  return Math.max(0, shift + trace(one.covariance, size) + trace(other.covariance, size) - 2 * cross);
}

function squareRoot({ covariance }: Moments, size: number): Float64Array {
  const { values, vectors } = symmetricEigenpairs(covariance, size);
  const root = new Float64Array(size * size);
  values.forEach((value, k) => {
    const factor = Math.sqrt(Math.max(0, value));
    for (let i = 0; i < size; i++) {
      const left = factor * vectors[k * size + i]!;
      for (let j = 0; j < size; j++) root[i * size + j]! += left * vectors[k * size + j]!;
    }
  });
  return root;
}

function times(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const left = a[i * size + k]!;
      for (let j = 0; j < size; j++) result[i * size + j]! += left * b[k * size + j]!;
    }
  }
  return result;
}

/** Both halves made equal, which rounding has set apart. */
function symmetric(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, at) => (value + matrix[(at % size) * size + Math.floor(at / size)]!) / 2);
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += matrix[i * (size + 1)]!;
  return sum;
}
