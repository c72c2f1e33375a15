import { count, percent } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { errorsBySize, type ErrorsOfSize, subspacesBySize } from "./by_size.ts";
import { drawPcaComparison } from "./draw.ts";
import { figureOf, renderedFigure } from "./figure.ts";
import type { PaperResult } from "./read.ts";
import { withDeviation } from "./spread.ts";

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
      } At ${largest.size} dimensions they are ${withDeviation(largest.vae, oneDecimal)} and ${
        withDeviation(largest.pca, oneDecimal)
      }.`,
  });
}

const oneDecimal = (value: number) => value.toFixed(1);

/** How near linear autoencoders come to PCA. */
export function linearAutoencoders(results: readonly PaperResult[]): Markup {
  const errors = errorsBySize(results);
  const rows = subspacesBySize(results).map(({ size, angle, halvesAngle, randomAngle, captured }, i) => [
    count(size),
    `${angle.toFixed(1)}°`,
    `${halvesAngle.toFixed(1)}°`,
    `${randomAngle.toFixed(1)}°`,
    percent(captured),
    withDeviation(errors[i]!.vae, oneDecimal),
    withDeviation(errors[i]!.pca, oneDecimal),
  ]);
  const shown = renderedFigure(results.at(-1)!, "linear-subspace");
  return markup`
<h3 id="paper-linear">Linear autoencoders and PCA</h3>
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
