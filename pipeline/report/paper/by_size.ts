import type { LinearSubspaceMetrics } from "../../figures/linear_subspace/study.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { type PaperResult, studyOf } from "./read.ts";

/** Squared errors of VAE and PCA with codes of one size, over the seeds. */
export interface ErrorsOfSize {
  readonly size: number;
  readonly vae: Spread;
  readonly pca: Spread;
  /** PCA's less the VAE's, seed by seed. */
  readonly lead: Spread;
}

/** The squared errors by the size of the code, which rises. */
export function errorsBySize(results: readonly PaperResult[]): ErrorsOfSize[] {
  return groupedBySize(results).map(([size, group]) => {
    const errors = group.map(({ metrics: { squaredError } }) => squaredError);
    return {
      size,
      vae: spreadOf(errors.map(({ vae }) => vae)),
      pca: spreadOf(errors.map(({ pca }) => pca)),
      lead: spreadOf(errors.map(({ vae, pca }) => pca - vae)),
    };
  });
}

/** What linear autoencoders of one size have in common with PCA, over the seeds; angles in degrees. */
export interface SubspaceOfSize {
  readonly size: number;
  readonly seeds: number;
  /** The largest principal angle between the reconstructions and PCA, of all seeds. */
  readonly angle: number;
  /** The largest between PCA of one half of the examples and of the other, of all seeds. */
  readonly halvesAngle: number;
  /** The smallest between PCA and a random subspace, of all seeds. */
  readonly randomAngle: number;
  /** Variance within the reconstructions' subspace as a share of that within PCA's, the least of all seeds. */
  readonly captured: number;
}

/** The subspaces of linear autoencoders by the size of the code, which rises. */
export function subspacesBySize(results: readonly PaperResult[]): SubspaceOfSize[] {
  return groupedBySize(results).map(([size, group]) => {
    const studies = group.map((result) => studyOf<LinearSubspaceMetrics>(result, "linear-subspace"));
    // A direction that the reconstructions lack is as far from PCA's as can be.
    const largest = ({ angles, components }: LinearSubspaceMetrics) =>
      angles.length < components ? 90 : Math.max(...angles);
    return {
      size,
      seeds: group.length,
      angle: Math.max(...studies.map(largest)),
      halvesAngle: Math.max(...studies.flatMap(({ halvesAngles }) => halvesAngles)),
      randomAngle: Math.min(...studies.flatMap(({ randomAngles }) => randomAngles)),
      captured: Math.min(...studies.map(({ captured }) => captured)),
    };
  });
}

function groupedBySize(results: readonly PaperResult[]): [number, PaperResult[]][] {
  return [...Map.groupBy(results, ({ metrics }) => metrics.latent.size)].sort(([a], [b]) => a - b);
}
