import { randomStream } from "../../base/random.ts";
import { columnMeans, type Matrix, rowBlocks, rowsAt } from "../../metrics/matrix.ts";
import { fitPca, type Pca, projectOnPca } from "../../metrics/pca.ts";
import { principalAngles } from "../../metrics/principal_angles.ts";
import type { StudyContext, StudyResult } from "../study.ts";

/** How the subspace that reconstructions lie in stands to that of PCA. */
export interface LinearSubspaceMetrics {
  /** Training examples that both were fitted to. */
  readonly examples: number;
  /** Components of PCA: dimensions of z. */
  readonly components: number;
  /** Dimensions in which the reconstructions differ, of at most as many. */
  readonly dimensions: number;
  /**
   * Share of the reconstructions' variance within as many dimensions as z has: 1 of a linear decoder, less of one that
   * bends; null where all reconstructions are the same.
   */
  readonly within: number | null;
  /** Principal angles between the two subspaces in degrees, smallest first. */
  readonly angles: readonly number[];
  /** The same between PCA of one half of these examples, chosen at random, and PCA of the other: what chance does. */
  readonly halvesAngles: readonly number[];
  /** The same between PCA and a random subspace of as many dimensions. */
  readonly randomAngles: readonly number[];
  /** Variance of these examples within the reconstructions' subspace, as a share of that within PCA's, the largest. */
  readonly captured: number;
}

/** Directions with less than this share of the largest variance are rounding. */
const FLAT = 1e-7;
/** Components that are shown. */
const SHOWN = 10;

/**
 * Compares the span of PCA's components with that of the reconstructions' own: their principal components, which span
 * all that a linear decoder can put out. A linear autoencoder is said to span what PCA spans (Bourlard and Kamp, 1988;
 * Baldi and Hornik, 1989), a linear VAE, too (Lucas et al., 2019).
 */
export function measure(context: StudyContext): StudyResult<LinearSubspaceMetrics> {
  const { seed, latentSize, reference: { features, codes }, product } = context;
  const pca = fitPca(features, latentSize, product);
  const made: Matrix = { ...features, data: context.decode(codes.data) };
  const own = fitPca(made, latentSize, product);
  const dimensions = own.variances.filter((variance) => variance > FLAT * own.variances[0]!).length;
  const span = rowsUpTo(own, dimensions);
  const random: Matrix = {
    rows: dimensions,
    columns: features.columns,
    data: randomStream(seed, "random subspace").fillNormal(new Float32Array(dimensions * features.columns)),
  };
  const total = variance(made);
  // Examples may be sorted by what they show, and then the first half would be of another kind than the second.
  const order = randomStream(seed, "halves").permutation(features.rows);
  const half = features.rows >> 1;
  const [first, second] = [order.subarray(0, half), order.subarray(half, 2 * half)].map((rows) =>
    fitPca(rowsAt(features, rows), latentSize, product).components
  );
  const shown = rowsUpTo(pca, Math.min(SHOWN, pca.components.rows));
  return {
    metrics: {
      examples: features.rows,
      components: pca.components.rows,
      dimensions,
      within: total === 0 ? null : Math.min(1, own.variances.reduce((sum, value) => sum + value, 0) / total),
      angles: degrees(principalAngles(pca.components, span)),
      halvesAngles: degrees(principalAngles(first!, second!)),
      randomAngles: degrees(principalAngles(pca.components, random)),
      captured: variance(projectOnPca({ ...pca, components: span }, features, product)) /
        pca.variances.reduce((sum, value) => sum + value, 0),
    },
    pictures: [pictured(shown), pictured(product(product(shown, span, "b"), span))],
  };
}

function rowsUpTo({ components: { columns, data } }: Pca, rows: number): Matrix {
  return { rows, columns, data: data.subarray(0, rows * columns) };
}

function degrees(angles: Float64Array): number[] {
  return Array.from(angles, (angle) => angle * 180 / Math.PI);
}

/** Summed over dimensions. */
function variance(x: Matrix): number {
  const mean = columnMeans(x);
  let sum = 0;
  x.data.forEach((value, i) => sum += (value - mean[i % x.columns]!) ** 2);
  return sum / x.rows;
}

/** Each row as a picture: 0 is grey, its largest entry black or white. */
function pictured(matrix: Matrix): Float32Array {
  const pictures = new Float32Array(matrix.data.length);
  for (const { from, block: { data } } of rowBlocks(matrix, 1)) {
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    pictures.set(data.map((value) => 0.5 + value / (2 * largest)), from * matrix.columns);
  }
  return pictures;
}
