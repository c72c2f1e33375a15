import { count, percent } from "../../base/words.ts";
import type { LinearSubspaceMetrics } from "../../figures/linear_subspace/study.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { type Markup, markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { drawPcaComparison } from "./draw.ts";
import { figureOf, renderedFigure } from "./figure.ts";
import type { PaperResult } from "./read.ts";

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
    const studies = group.map(({ metrics }) => metrics.studies!["linear-subspace"] as LinearSubspaceMetrics);
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

/** PCA and VAE at the same size, with the spread over the seeds. */
export function comparisonWithPca(results: readonly PaperResult[]): Markup {
  const sizes = errorsBySize(results);
  const wins = sizes.filter(({ lead }) => lead.mean > 0);
  const losses = sizes.filter(({ lead }) => lead.mean <= 0);
  const listed = (some: readonly ErrorsOfSize[]) => some.map(({ size }) => size).join(", ");
  const largest = sizes.at(-1)!;
  return figureOf({
    id: "pca-comparison",
    svg: drawPcaComparison(sizes),
    title: "PCA and VAE at the same latent size.",
    caption:
      markup`Squared error of reconstructed test images, summed over pixels; means over ${largest.vae.count} seeds, with bars
of one standard deviation. ${
        losses.length === 0
          ? `The VAE's is lower at every size tried (${listed(wins)}), as the paper holds.`
          : wins.length === 0
          ? `PCA's is lower at every size tried (${listed(losses)}), against what the paper holds.`
          : `The VAE's is lower at ${listed(wins)} dimensions, PCA's at ${
            listed(losses)
          }: the paper's claim has a limit, since the KL term leaves dimensions unused that PCA has for nothing.`
      } At ${largest.size} dimensions they are ${withDeviation(largest.vae)} and ${
        withDeviation(largest.pca)
      }.`,
  });
}

function withDeviation({ mean, deviation }: Spread): string {
  return deviation === null ? mean.toFixed(1) : `${mean.toFixed(1)} ± ${deviation.toFixed(1)}`;
}

/** How near linear autoencoders come to PCA. */
export function linearAutoencoders(results: readonly PaperResult[]): Markup {
  const errors = errorsBySize(results);
  const rows = subspacesBySize(results).map(({ size, angle, halvesAngle, randomAngle, captured }, i) => [
    count(size),
    `${angle.toFixed(1)}°`,
    `${halvesAngle.toFixed(1)}°`,
    `${randomAngle.toFixed(1)}°`,
    percent(captured),
    withDeviation(errors[i]!.vae),
    withDeviation(errors[i]!.pca),
  ]);
  const shown = renderedFigure(results.at(-1)!, "linear-subspace");
  return markup`
<h3>Linear autoencoders and PCA</h3>
<p>A VAE whose encoder and decoder are one linear layer each, with a squared error: does it find the subspace that PCA
finds? Principal angles tell, beside what it does to PCA itself to see one half of the images or the other.</p>
${
    numberTable(`The worst of ${errors[0]!.vae.count} seeds, and squared errors over the seeds.`, [
      "Dimensions",
      "Largest angle to PCA",
      "PCA, half to half",
      "Random, least",
      "Variance kept of PCA's",
      "Squared error",
      "That of PCA",
    ], rows)
  }
${shown && figureOf(shown)}`;
}
