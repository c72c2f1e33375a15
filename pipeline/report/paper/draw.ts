import { coloured, type Group } from "../../figures/charts/group.ts";
import { lossBands } from "../../figures/charts/loss_bands.ts";
import { paperCurves } from "../../figures/charts/paper_curves.ts";
import { pcaComparison } from "../../figures/charts/pca_comparison.ts";
import type { ErrorsOfSize } from "./by_size.ts";
import type { PaperResult } from "./read.ts";
import { type PaperPlot, shownEpochs } from "./verdicts.ts";

/**
 * Draws the losses of a run, as in one of the paper's plots.
 *
 * @param isComparable whether the data are the paper's, so that its values may stand beside ours
 */
export function drawPaperCurves(
  name: string,
  result: PaperResult,
  plot: PaperPlot,
  title: string,
  isComparable: boolean,
): string {
  const panel = (title: string, term: "loss" | "kl") => ({
    title,
    curves: plot.values.filter((value) => value.term === term).map(({ part, start, end }) => ({
      part,
      values: shownEpochs(result[part][term], plot),
      paper: isComparable ? { start, end } : undefined,
    })),
  });
  return paperCurves(name, {
    epochs: shownEpochs(result.epochs, plot),
    panels: [panel("Total loss (nats)", "loss"), panel("KL divergence (nats)", "kl")],
  }, {
    title,
    description:
      "Line charts of train and test over the epochs, with circles at the ends of the paper's curves.",
  });
}

/** Draws the squared errors of VAEs and of PCA by the size of the code. */
export function drawPcaComparison(sizes: readonly ErrorsOfSize[]): string {
  const words = sizes.map(({ size, vae, pca }) =>
    `${size}: VAE ${vae.mean.toFixed(1)}, PCA ${pca.mean.toFixed(1)}`
  );
  return pcaComparison({ points: sizes }, {
    title: "PCA and VAE",
    description: `Squared errors. ${words.join("; ")}.`,
  });
}

/** Gives a colour to each group of runs. */
export function paintedRuns(groups: readonly { readonly label: string }[]): Group[] {
  return coloured(groups.map(({ label }) => label), groups.map((_, i) => i));
}

/** Draws test losses over the epochs, a line and a band for each way of annealing. */
export function drawAnnealing(
  groups: readonly { readonly label: string; readonly results: readonly PaperResult[] }[],
): string {
  return lossBands({
    groups: paintedRuns(groups).map((group, i) => ({
      ...group,
      runs: groups[i]!.results.map(({ epochs, test, klWeight }) => ({ epochs, ...test, klWeight })),
    })),
  }, { title: "KL annealing", description: "Test losses over the epochs with and without annealing." });
}
