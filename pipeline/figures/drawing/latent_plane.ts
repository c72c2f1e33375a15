import { percent } from "../../base/words.ts";
import { randomStream } from "../../base/random.ts";
import { varianceOfMeans } from "../../metrics/latent.ts";
import { plainProduct } from "../../metrics/matrix.ts";
import { fitPca } from "../../metrics/pca.ts";
import type { FigureData } from "../figure.ts";

/** Two dimensions to look at codes in. */
export interface LatentPlane {
  readonly axes: readonly [string, string];
  /** How the plane was chosen, for a caption. */
  readonly words: string;
  /** The chosen rows of codes [n, latent size] -> [chosen, 2]. */
  project(codes: Float32Array, chosen: readonly number[]): Float32Array;
}

/** A sentence for a caption, wherever the prior is drawn: only N(0, I) is. */
export function circleWords({ prior }: FigureData): string {
  return prior.standardNormal ? `The dashed circles hold half and 95 % of the prior ${prior.words}.` : "";
}

/**
 * The latent space itself where it has two dimensions, or the directions of the two leading principal components of
 * the final posterior means. Codes are not centred, so that the prior stays around (0, 0).
 */
export function latentPlane({ model: { latentSize }, means, test }: FigureData): LatentPlane {
  const project = (directions: Float32Array) => (codes: Float32Array, chosen: readonly number[]) => {
    const coordinates = new Float32Array(chosen.length * 2);
    for (let i = 0; i < coordinates.length; i++) {
      const row = chosen[i >> 1]! * latentSize;
      const direction = (i & 1) * latentSize;
      let sum = 0;
      for (let j = 0; j < latentSize; j++) sum += codes[row + j]! * directions[direction + j]!;
      coordinates[i] = sum;
    }
    return coordinates;
  };
  // A one-dimensional latent space is shown on a line.
  if (latentSize === 1) return { axes: ["z", ""], words: "", project: project(new Float32Array([1, 0])) };
  if (latentSize === 2) {
    return { axes: ["z₁", "z₂"], words: "", project: project(new Float32Array([1, 0, 0, 1])) };
  }
  const matrix = { rows: test.examples, columns: latentSize, data: means };
  const { components, variances } = fitPca(matrix, 2, plainProduct);
  const total = varianceOfMeans(matrix).reduce((sum, value) => sum + value, 0);
  const shares = [variances[0]! / total, variances[1]! / total] as const;
  return {
    axes: [`first component (${percent(shares[0])})`, `second component (${percent(shares[1])})`],
    words:
      `The plane is that of the first two principal components of the ${latentSize}-dimensional means; ` +
      `they hold ${percent(shares[0])} and ${percent(shares[1])} of their variance.`,
    project: project(components.data),
  };
}

/** Some of 0..length-1, drawn by the seed: a file may be sorted by class. */
export function chooseExamples(seed: number, length: number, wanted: number): number[] {
  return Array.from(randomStream(seed, "render/scatter").permutation(length).subarray(0, wanted));
}
