import { type Markup, markup } from "../markup.ts";
import { figureOf, rendered, renderedFigure } from "./figure.ts";
import { annealed, autoencoderLimit } from "./kl_term.ts";
import { fewLabels } from "./few_labels.ts";
import { comparisonWithPca, linearAutoencoders } from "./pca.ts";
import type { PaperResult } from "./read.ts";
import type { StudyResults } from "./results.ts";

/** What the paper says of VAEs and shows no picture of. */
export function studies(
  { digits: [digits], denoising, latentSizes, linear, annealing, limit, games, semiSupervised }: StudyResults,
): Markup {
  return markup`<section id="studies">
<h2>What the paper says, shown</h2>
<div class="gallery">
${rendered(digits!, "completion")}
${rendered(denoising, "denoising")}
${rendered(digits!, "attributes")}
${rendered(digits!, "class-samples")}
${rendered(digits!, "few-labels")}
${rendered(digits!, "prediction-error")}
${comparisonWithPca(latentSizes)}
${annealed(annealing)}
</div>
${fewLabels(digits!, semiSupervised)}
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
