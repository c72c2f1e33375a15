import { nats, percent, plural } from "../../base/words.ts";
import { type Spread, spreadOf } from "../../metrics/spread.ts";
import { type Markup, markup } from "../markup.ts";
import { numberTable } from "../table.ts";
import { drawAnnealing, paintedRuns } from "./draw.ts";
import { figureOf, renderedFigure } from "./figure.ts";
import type { PaperResult } from "./read.ts";
import { withDeviation } from "./spread.ts";

/** Runs that differ in nothing but the seed. */
export interface SeedGroup {
  readonly label: string;
  readonly results: readonly PaperResult[];
}

function groupsOf(results: readonly PaperResult[]): SeedGroup[] {
  return [...Map.groupBy(results, ({ label }) => label)].map(([label, results]) => ({ label, results }));
}

function over({ results }: SeedGroup, of: (result: PaperResult) => number): Spread {
  return spreadOf(results.map(of));
}

/** KL on the test set, in nats, below which a code says nothing about its image. */
const COLLAPSED = 0.5;

/** Posterior collapse, and a weight that rises against it. */
export function annealed(results: readonly PaperResult[]): Markup {
  const groups = groupsOf(results);
  const words = groups.map((group) =>
    `${group.label}: KL ${withDeviation(over(group, ({ metrics }) => metrics.test.kl), nats)}, test loss ${
      withDeviation(over(group, ({ metrics }) => metrics.test.loss), nats)
    }, ${group.results.map(({ metrics }) => metrics.latent.activeUnits).join(", ")} of ${
      group.results[0]!.metrics.latent.size
    } dimensions active`
  );
  const collapse = groups.map(({ label, results }) =>
    `${label}, after ${
      results.map(({ test: { kl } }) => kl.filter((value) => value < COLLAPSED).length).join(", ")
    } of ${plural(results[0]!.epochs.length, "epoch")}`
  );
  const ranked = groups.map((group) => ({
    label: group.label,
    active: over(group, ({ metrics }) => metrics.latent.activeUnits).mean,
    loss: over(group, ({ metrics }) => metrics.test.loss).mean,
  })).sort((a, b) => b.active - a.active || a.loss - b.loss);
  const [first, second] = [ranked[0]!, ranked[1]!];
  const better = second.loss - first.loss;
  const verdict = first.active === second.active
    ? "Both keep as many dimensions alive in the mean."
    : `In the mean ${first.label} keeps ${
      (first.active - second.active).toFixed(1)
    } dimensions alive that ${second.label} loses, and its test loss is ${nats(Math.abs(better))} nats ${
      better > 0 ? "lower" : "higher"
    }.`;
  return figureOf({
    id: "kl-annealing",
    svg: drawAnnealing(groups),
    title: "KL annealing against none.",
    caption:
      markup`A deep network of sigmoid units, on the test set; lines are means over the seeds, bands reach from the lowest to
the highest of them. ${
        words.join("; ")
      }. The posterior is collapsed (a KL below ${COLLAPSED} nats), seed by seed: ${
        collapse.join("; ")
      }. ${verdict}
<span class="key">${
        paintedRuns(groups).map(({ name, colour }) =>
          markup`<svg viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill="${colour}"/></svg> ${name} `
        )
      }</span>`,
  });
}

/** The two ends of the way from an autoencoder to a VAE. */
export function autoencoderLimit(results: readonly PaperResult[]): Markup {
  const groups = groupsOf(results);
  const seeds = groups[0]!.results.length;
  const rows = groups.map((group) => [
    group.label,
    withDeviation(over(group, ({ metrics }) => metrics.test.kl), nats),
    withDeviation(over(group, ({ metrics }) => metrics.squaredError.vae), (value) => value.toFixed(1)),
    withDeviation(over(group, ({ metrics }) => metrics.latent.momentMatchedKl), nats),
    withDeviation(over(group, ({ metrics }) => metrics.test.loss), nats),
  ]);
  const errors = groups.map((group) => ({
    label: group.label,
    error: over(group, ({ metrics }) => metrics.squaredError.vae).mean,
  })).sort((a, b) => a.error - b.error);
  const [best, worst] = [errors[0]!, errors.at(-1)!];
  return markup`
<h3>Without the KL term: an autoencoder</h3>
<p>The paper calls annealing a way from an autoencoder to a VAE. At KL weight 0 nothing holds the codes near the prior,
and the two ends of that way look like this.</p>
${
    numberTable(
      `On the test set, over ${
        plural(seeds, "seed")
      }; squared error at the posterior's mean, summed over pixels.`,
      ["", "KL (nats)", "Squared error", "Codes from the prior (nats)", "Loss at weight 1"],
      rows,
    )
  }
<div class="gallery limit">${
    groups.flatMap(({ label, results }) =>
      ["latent-scatter", "prior-samples"].map((name) => {
        const figure = renderedFigure(results[0]!, name)!;
        return figureOf({ ...figure, title: `${label}: ${String(figure.title).toLowerCase()}` });
      })
    )
  }</div>
<p class="note">“Codes from the prior” is how far a Gaussian with the codes' mean and covariance is from it: samples of z
from the prior reach what the decoder knows only where that is small. The pictures are of the first seed.${
    best.label !== worst.label &&
    ` The lowest squared error is that of the ${best.label}, by ${
      percent(1 - best.error / worst.error)
    } of that of the ${worst.label}.`
  }</p>`;
}
