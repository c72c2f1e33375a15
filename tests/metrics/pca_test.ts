import assert from "node:assert/strict";
import { largestEigenpairs, symmetricEigenpairs } from "../../pipeline/metrics/eigen.ts";
import { type Matrix, plainProduct } from "../../pipeline/metrics/matrix.ts";
import { fitPca, pcaReconstructionError, projectOnPca } from "../../pipeline/metrics/pca.ts";
import { randomStream } from "../../pipeline/base/random.ts";

/** Orthonormal rows: the basis of the discrete cosine transform (type II). */
function cosineBasis(n: number): number[][] {
  return Array.from(
    { length: n },
    (_, k) =>
      Array.from(
        { length: n },
        (_, i) => Math.sqrt((k === 0 ? 1 : 2) / n) * Math.cos(Math.PI * (i + 0.5) * k / n),
      ),
  );
}

/** The symmetric matrix with these eigenvalues and the cosine basis as eigenvectors. */
function matrixOf(values: readonly number[]): Float64Array {
  const n = values.length;
  const basis = cosineBasis(n);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return values.reduce((sum, value, k) => sum + value * basis[k]![i]! * basis[k]![j]!, 0);
  });
}

Deno.test("the largest eigenpairs are those that the matrix was made of", () => {
  const values = Array.from({ length: 40 }, (_, i) => 1 / (1 + (i * 7) % 40));
  const { values: found, vectors } = largestEigenpairs(matrixOf(values), 40, 5);
  const order = values.map((value, k) => ({ value, k })).sort((a, b) => b.value - a.value);
  const basis = cosineBasis(40);
  for (let i = 0; i < 5; i++) {
    assert.ok(Math.abs(found[i]! - order[i]!.value) < 1e-8);
    const overlap = basis[order[i]!.k]!.reduce((sum, b, j) => sum + b * vectors[i * 40 + j]!, 0);
    assert.ok(Math.abs(Math.abs(overlap) - 1) < 1e-6, `vector ${i}: ${overlap}`);
  }
});

Deno.test("Jacobi's rotations find every eigenvalue, negative and repeated ones too", () => {
  const values = [3, -2, 3, 0, 1e-6, 7];
  const { values: found } = symmetricEigenpairs(matrixOf(values), 6);
  [7, 3, 3, 1e-6, 0, -2].forEach((value, i) => assert.ok(Math.abs(found[i]! - value) < 1e-12));
});

Deno.test("eigenvectors of a matrix of low rank are zero where the eigenvalue is", () => {
  const { values, vectors } = largestEigenpairs(matrixOf([0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 12, 2);
  assert.ok(Math.abs(values[0]! - 2) < 1e-10 && Math.abs(values[1]!) < 1e-10);
  assert.ok(vectors.every(Number.isFinite));
});

/** Examples with known principal axes: scores of exactly zero mean and correlation on the cosine basis. */
function knownData(rows: number, columns: number, deviations: readonly number[]): Matrix {
  const axes = cosineBasis(columns);
  const scores = cosineBasis(rows).slice(1); // all but the constant are orthogonal to it: mean zero
  const data = Float32Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    const spread = deviations.reduce(
      (sum, deviation, k) => sum + deviation * Math.sqrt(rows) * scores[k]![i]! * axes[k + 2]![j]!,
      0,
    );
    return 0.25 * j + spread;
  });
  return { rows, columns, data };
}

for (
  const [shape, rows, columns] of [["more examples than dimensions", 60, 20], ["fewer", 15, 20]] as const
) {
  Deno.test(`PCA finds the axes, variances and mean of data that was made from them: ${shape}`, () => {
    const deviations = [3, 2, 1, 0.5];
    const x = knownData(rows, columns, deviations);
    const pca = fitPca(x, 2, plainProduct);
    pca.mean.forEach((mean, j) => assert.ok(Math.abs(mean - 0.25 * j) < 1e-5));
    const axes = cosineBasis(columns);
    for (let k = 0; k < 2; k++) {
      assert.ok(Math.abs(pca.variances[k]! / deviations[k]! ** 2 - 1) < 1e-5);
      const component = pca.components.data.subarray(k * columns, (k + 1) * columns);
      const overlap = axes[k + 2]!.reduce((sum, value, j) => sum + value * component[j]!, 0);
      assert.ok(Math.abs(Math.abs(overlap) - 1) < 1e-5);
      const largest = component.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a);
      assert.ok(largest > 0, "the sign is fixed");
    }
    // What is left out is the variance of the other two axes.
    const error = pcaReconstructionError(pca, x, projectOnPca(pca, x, plainProduct));
    assert.ok(Math.abs(error - (1 + 0.25)) < 1e-4, `${error}`);
  });
}

Deno.test("PCA of data with fewer dimensions than components keeps as many as there are", () => {
  const x: Matrix = { rows: 9, columns: 3, data: randomStream(1, "x").fillNormal(new Float32Array(27)) };
  const pca = fitPca(x, 5, plainProduct);
  assert.equal(pca.components.rows, 3);
  assert.ok(Math.abs(pcaReconstructionError(pca, x, projectOnPca(pca, x, plainProduct))) < 1e-5);
});
