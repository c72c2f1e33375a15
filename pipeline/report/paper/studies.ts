import { capital, nats, percent, plural } from "../../base/words.ts";
import { type Markup, markup } from "../markup.ts";
import { drawAnnealing, paintedRuns } from "./draw.ts";
import { figureOf, rendered, renderedFigure } from "./figure.ts";
import { comparisonWithPca, linearAutoencoders } from "./pca.ts";
import type { PaperResult } from "./read.ts";
import type { StudyResults } from "./results.ts";
import { numberTable } from "../table.ts";

/** What the paper says of VAEs and shows no picture of. */
export function studies(
  { digits, denoising, latentSizes, linear, annealing, limit, games }: StudyResults,
): Markup {
  return markup`<section id="studies">
<h2>What the paper says, shown</h2>
<div class="gallery">
${rendered(digits, "completion")}
${rendered(denoising, "denoising")}
${rendered(digits, "attributes")}
${rendered(digits, "class-samples")}
${rendered(digits, "few-labels")}
${rendered(digits, "prediction-error")}
${comparisonWithPca(latentSizes)}
${annealed(annealing)}
</div>
${linearAutoencoders(linear)}
${autoencoderLimit(limit)}
${adversaries(games)}
</section>`;
}

/** A VAE beside models that have an adversary. */
function adversaries(results: readonly PaperResult[]): Markup {
  return markup`
<h3 id="games">Beside generative adversarial networks</h3>
<p>The same decoder on the same digits for as many epochs, trained as a VAE, as a VAE-GAN (the paper's reference 7) and
as a GAN.</p>
<div class="gallery">${
    results.map((result) => {
      const figure = renderedFigure(result, "sample-quality")!;
      return figureOf({ ...figure, title: `${result.label}: ${String(figure.title).toLowerCase()}` });
    })
  }</div>`;
}

/** KL on the test set, in nats, below which a code says nothing about its image. */
const COLLAPSED = 0.5;

function annealed(results: readonly PaperResult[]): Markup {
  const words = results.map(({ label, metrics: { test, latent } }) =>
    `${label}: KL ${nats(test.kl)}, test loss ${
      nats(test.loss)
    }, ${latent.activeUnits} of ${latent.size} dimensions active`
  );
  const collapse = results.map(({ label, test: { kl } }) =>
    `${label}, after ${kl.filter((value) => value < COLLAPSED).length} of ${plural(kl.length, "epoch")}`
  );
  const [first, ...others] = [...results].sort((a, b) =>
    b.metrics.latent.activeUnits - a.metrics.latent.activeUnits || a.metrics.test.loss - b.metrics.test.loss
  );
  const second = others[0]!;
  const gained = first!.metrics.latent.activeUnits - second.metrics.latent.activeUnits;
  const better = second.metrics.test.loss - first!.metrics.test.loss;
  const verdict = gained === 0
    ? "Both keep as many dimensions alive."
    : `${capital(first!.label)} keeps ${
      plural(gained, "dimension")
    } alive that ${second.label} loses, and its test loss is ${nats(Math.abs(better))} nats ${
      better > 0 ? "lower" : "higher"
    }.`;
  return figureOf({
    id: "kl-annealing",
    svg: drawAnnealing(results),
    title: "KL annealing against none.",
    caption: markup`A deep network of sigmoid units, on the test set. ${
      words.join("; ")
    }. The posterior is collapsed (a KL below ${COLLAPSED} nats): ${collapse.join("; ")}. ${verdict}
<span class="key">${
      paintedRuns(results).map(({ name, colour }) =>
        markup`<svg viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" fill="${colour}"/></svg> ${name} `
      )
    }</span>`,
  });
}

function autoencoderLimit(results: readonly PaperResult[]): Markup {
  const rows = results.map(({ label, metrics: { test, squaredError, latent } }) => [
    label,
    nats(test.kl),
    squaredError.vae.toFixed(1),
    nats(latent.momentMatchedKl),
    nats(test.loss),
  ]);
  return markup`
<h3>Without the KL term: an autoencoder</h3>
<p>The paper calls annealing a way from an autoencoder to a VAE. At KL weight 0 nothing holds the codes near the prior,
and the two ends of that way look like this.</p>
${
    numberTable("On the test set; squared error at the posterior's mean, summed over pixels.", [
      "",
      "KL (nats)",
      "Squared error",
      "Codes from the prior (nats)",
      "Loss at weight 1",
    ], rows)
  }
<div class="gallery limit">${
    results.flatMap((result) =>
      ["latent-scatter", "prior-samples"].map((name) => {
        const figure = renderedFigure(result, name)!;
        return figureOf({ ...figure, title: `${result.label}: ${String(figure.title).toLowerCase()}` });
      })
    )
  }</div>
<p class="note">${
    results.map(({ label, metrics: { latent } }) =>
      `${label}: a Gaussian with the codes' mean and covariance is ${
        nats(latent.momentMatchedKl)
      } nats from the prior. `
    )
  }Samples of z from the prior reach what the decoder knows only where this is small.</p>
${evaluationNote(results)}`;
}

function evaluationNote(results: readonly PaperResult[]): Markup | null {
  const errors = results.map(({ label, metrics: { squaredError } }) => ({ label, error: squaredError.vae }))
    .sort((a, b) => a.error - b.error);
  const [best, worst] = [errors[0]!, errors.at(-1)!];
  if (best.label === worst.label) return null;
  return markup`<p class="note">The lowest squared error is that of the ${best.label}, by ${
    percent(1 - best.error / worst.error)
  } of that of the ${worst.label}.</p>`;
}
