import { largestEigenpairs } from "./eigen.ts";
import { columnMeans, type Matrix, type MatrixProduct, rowBlocks } from "./matrix.ts";

/** Principal component analysis (Pearson, 1901; Hotelling, 1933): the linear autoencoder to compare with. */
export interface Pca {
  /** [dimensions] */
  readonly mean: Float32Array;
  /** [components, dimensions]: orthonormal rows; the entry of largest size in each is positive. */
  readonly components: Matrix;
  /** Variance along each component, largest first (divided by the number of examples). */
  readonly variances: Float64Array;
}

/**
 * Fits the `count` leading components (fewer where the data has fewer dimensions or examples).
 *
 * The eigenvectors are those of the covariance or, where there are fewer examples than dimensions, of the
 * examples' inner products, which have the same eigenvalues (Turk and Pentland, 1991).
 */
export function fitPca(x: Matrix, count: number, product: MatrixProduct): Pca {
  const mean = Float32Array.from(columnMeans(x));
  const { rows, columns } = x;
  const kept = Math.min(count, rows, columns);
  if (rows < columns) {
    const centred = subtractRow(x, mean);
    const inner = product(centred, centred, "b").data;
    // A loop: `Float64Array.from` makes a list of all the values first, which takes several times their memory.
    const gram = new Float64Array(rows * rows);
    for (let i = 0; i < gram.length; i++) gram[i] = inner[i]! / rows;
    const { values, vectors } = largestEigenpairs(gram, rows, kept);
    const data = product(
      { rows: kept, columns: rows, data: Float32Array.from(vectors) },
      centred,
    ).data.slice();
    const components = { rows: kept, columns, data };
    normaliseRows(components);
    return { mean, components: fixSigns(components), variances: values };
  }
  const covariance = new Float64Array(columns * columns);
  for (const { block } of rowBlocks(x)) {
    const centred = subtractRow(block, mean);
    // Each block's float32 sums are added up in float64.
    const { data } = product(centred, centred, "a");
    for (let i = 0; i < covariance.length; i++) covariance[i]! += data[i]! / rows;
  }
  const { values, vectors } = largestEigenpairs(covariance, columns, kept);
  const components = { rows: kept, columns, data: Float32Array.from(vectors) };
  return { mean, components: fixSigns(components), variances: values };
}

/** Coordinates along the components: [n, dimensions] -> [n, components]. */
export function projectOnPca(pca: Pca, x: Matrix, product: MatrixProduct): Matrix {
  const data = new Float32Array(x.rows * pca.components.rows);
  for (const { from, block } of rowBlocks(x)) {
    const part = product(subtractRow(block, pca.mean), pca.components, "b");
    data.set(part.data, from * pca.components.rows);
  }
  return { rows: x.rows, columns: pca.components.rows, data };
}

/**
 * Squared error of each example's reconstruction from its coordinates, summed over dimensions, averaged over
 * examples.
 */
export function pcaReconstructionError(pca: Pca, x: Matrix, coordinates: Matrix): number {
  // Components are orthonormal, so what they explain is the length of the coordinates (Pythagoras).
  let error = 0;
  for (let i = 0; i < x.data.length; i++) error += (x.data[i]! - pca.mean[i % x.columns]!) ** 2;
  for (const coordinate of coordinates.data) error -= coordinate ** 2;
  return error / x.rows;
}

function subtractRow({ rows, columns, data }: Matrix, row: Float32Array): Matrix {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[i * columns + j] = data[i * columns + j]! - row[j]!;
  }
  return { rows, columns, data: result };
}

function normaliseRows({ rows, columns, data }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const norm = Math.hypot(...row);
    if (norm > 0) { for (let j = 0; j < columns; j++) row[j]! /= norm; }
  }
}

/** An eigenvector and its negative are equally good: without a rule, rounding would choose. */
function fixSigns(matrix: Matrix): Matrix {
  const { rows, columns, data } = matrix;
  for (let i = 0; i < rows; i++) {
    const row = data.subarray(i * columns, (i + 1) * columns);
    const largest = row.reduce((best, value) => Math.abs(value) > Math.abs(best) ? value : best, 0);
    if (largest < 0) { for (let j = 0; j < columns; j++) row[j] = -row[j]!; }
  }
  return matrix;
}
