import type { Matrix, MatrixProduct } from "../../metrics/matrix.ts";
import { fitPca, type Pca, projectOnPca } from "../../metrics/pca.ts";

/** Reconstructs flat examples [n, values] from their `components` leading principal components. */
export type LinearModel = (examples: Float32Array, components: number) => Float32Array;

/** PCA as a model to compare with, fitted once with the most components that will be asked for. */
export function linearModel(reference: Matrix, most: number, product: MatrixProduct): LinearModel {
  const whole = fitPca(reference, most, product);
  return (examples, components) => {
    const { columns, data } = whole.components;
    const kept = Math.min(components, whole.components.rows);
    const part: Pca = {
      ...whole,
      components: { rows: kept, columns, data: data.subarray(0, kept * columns) },
    };
    const x = { rows: examples.length / columns, columns, data: examples };
    const made = product(projectOnPca(part, x, product), part.components);
    return Float32Array.from(made.data, (value, i) => value + whole.mean[i % columns]!);
  };
}
