import { architecture } from "../../figures/architecture.ts";
import { importanceBound } from "../../figures/importance_bound.ts";
import { klPerDimension } from "../../figures/kl_per_dimension.ts";
import { latentScatter } from "../../figures/latent_scatter.ts";
import { learningCurves } from "../../figures/learning_curves.ts";
import { posteriorEvolution, type PosteriorEvolutionData } from "../../figures/posterior_evolution.ts";
import { varianceOfMeans } from "../../metrics/latent.ts";
import { plainProduct } from "../../metrics/matrix.ts";
import { fitPca } from "../../metrics/pca.ts";
import { randomStream } from "../../base/random.ts";
import { count, nats, percent } from "../../base/words.ts";
import type { Draw, RenderData } from "./drawn.ts";

/** More dots than this make a small panel no clearer, only the file larger. */
const EVOLUTION_POINTS = 1500;
const EVOLUTION_PANELS = 9;
export const CIRCLES = "The dashed circles hold half and 95 % of the prior N(0, I).";

export const drawArchitecture: Draw = ({ slice: { model }, info, layers }) => {
  const total = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  const title = "The model";
  const caption =
    "Data flow down the encoder on the left, through z at the bottom, and up the decoder on the " +
    `right. Each box names a layer, the shape of what it puts out and how many parameters it learns; all ` +
    `together ${count(total)}.`;
  const alt = `Diagram of the ${model.architecture} encoder and decoder around ${model.latentSize} latent ` +
    `dimensions: ${layers.map(({ name, output }) => `${name} ${output.join("x")}`).join(", ")}.`;
  return {
    title,
    caption,
    alt,
    svg: architecture({ model, layers, inputShape: info.shape }, text(title, alt)),
  };
};

export const drawLearningCurves: Draw = ({ curves }) => {
  const { train, test } = curves.splits;
  const [last, weight] = [curves.epochs.at(-1)!, curves.klWeight.at(-1)!];
  const title = "Learning curves";
  const gap = test!.loss.at(-1)! - train!.loss.at(-1)!;
  const caption =
    `Total loss, its two parts and the weight of the KL term over ${last} epochs; train is dashed, ` +
    `test is solid, and the numbers are those of the last epoch. Test ends ${nats(Math.abs(gap))} nats ` +
    `${
      gap >= 0 ? "above" : "below"
    } train, which is a mean over the epoch while the weights change; test is ` +
    `measured at its end. Where test rises and train falls, the model overfits. A KL that rises while the ` +
    `reconstruction falls means that z carries more and more of the input. A curve that begins above its frame ` +
    `has its first value written there.`;
  const alt = `Line charts. At epoch ${last}: train loss ${nats(train!.loss.at(-1)!)}, test loss ` +
    `${nats(test!.loss.at(-1)!)}, test KL ${nats(test!.kl.at(-1)!)} nats, KL weight ${weight}.`;
  return { title, caption, alt, svg: learningCurves(curves, text(title, alt)) };
};

export const drawLatentScatter: Draw = (data) => {
  const { slice, info, test } = data;
  const chosen = choose(slice.seed, test.examples, slice.figures.scatterPoints);
  const plane = latentPlane(data);
  const labels = chosen.map((i) => test.labels[i]!);
  const coordinates = plane.project(data.means, chosen);
  const title = "Latent space";
  const caption =
    `Posterior means of ${count(chosen.length)} test examples, coloured by class; the large figures ` +
    `stand at each class's median. ${plane.words} ${CIRCLES} Classes that lie apart can be told apart from z ` +
    `alone, although the model never saw a label.`;
  const alt = `Scatter plot of ${chosen.length} test examples in two latent dimensions, coloured by class.`;
  const points = { coordinates, labels: Uint8Array.from(labels), classes: info.classes };
  return { title, caption, alt, svg: latentScatter({ points, axes: plane.axes }, text(title, alt)) };
};

export const drawPosteriorEvolution: Draw = (data) => {
  const { evolution, plane } = evolutionOf(data, EVOLUTION_POINTS, EVOLUTION_PANELS);
  const { snapshots, labels } = evolution;
  const title = "How the posterior evolves";
  const caption =
    `The same ${count(labels.length)} test examples at ${snapshots.length} moments of training, on one ` +
    `scale. ${plane} ${CIRCLES} In a good run the means start out close ` +
    `together whatever the class; then classes move apart while the whole stays close to the prior.`;
  const alt = `Scatter plots of the latent codes at epochs ${
    snapshots.map(({ epoch }) => epoch).join(", ")
  }.`;
  return { title, caption, alt, svg: posteriorEvolution(evolution, text(title, alt)) };
};

/** Posterior means of at most `points` test examples, in a plane, at `moments` epochs at most. @returns `plane` in words */
export function evolutionOf(
  data: RenderData,
  points: number,
  moments: number,
): { evolution: PosteriorEvolutionData; plane: string } {
  const { slice, info, test, snapshots: { epochs, examples, means } } = data;
  const { latentSize } = slice.model;
  const chosen = choose(slice.seed, examples.length, Math.min(points, slice.figures.scatterPoints));
  const plane = latentPlane(data);
  const size = examples.length * latentSize;
  const snapshots = spread(epochs.length, moments).map((i) => ({
    epoch: epochs[i]!,
    coordinates: plane.project(means.subarray(i * size, (i + 1) * size), chosen),
  }));
  const labels = Uint8Array.from(chosen, (i) => test.labels[examples[i]!]!);
  return { evolution: { snapshots, labels, classes: info.classes }, plane: plane.words };
}

export const drawKlPerDimension: Draw = ({ kl }) => {
  const active = kl.active.filter(Boolean).length;
  const title = "What each latent dimension carries";
  const caption =
    `KL of each dimension's posterior to the prior, averaged over the test set, the largest first. ` +
    `${active} of ${kl.kl.length} dimensions are active: their posterior mean varies with the input.` +
    (active < kl.kl.length ? " Empty, dashed bars are dimensions that the model leaves at the prior." : "");
  const alt = `Bar chart of the KL per dimension: ${kl.kl.map((value) => nats(value)).join(", ")} nats.`;
  return { title, caption, alt, svg: klPerDimension(kl, text(title, alt)) };
};

export const drawImportanceBound: Draw = ({ importance }) => {
  const { samples, bound, standardError } = importance;
  const [most, tightest, error] = [samples.at(-1)!, bound.at(-1)!, standardError.at(-1)!];
  const title = "Importance-weighted bound";
  const measured = error === null ? nats(tightest) : `${nats(tightest)} ± ${nats(error)}`;
  const caption =
    `Upper bound on −log p(x) against the number of samples of z per example; with one sample it is ` +
    `the negative ELBO. With ${count(most)} it is ${measured} nats, ${
      nats(bound[0]! - tightest)
    } lower. The band is ` +
    `one standard error over test examples. Where the curve is still falling, the true value lies lower.`;
  const alt = `Line chart from ${nats(bound[0]!)} nats with one sample to ${nats(tightest)} with ${
    count(most)
  }.`;
  return { title, caption, alt, svg: importanceBound(importance, text(title, alt)) };
};

export function text(title: string, description: string) {
  return { title, description };
}

/** Some of 0..length-1, drawn by the seed: a file may be sorted by class. */
function choose(seed: number, length: number, wanted: number): number[] {
  return Array.from(randomStream(seed, "render/scatter").permutation(length).subarray(0, wanted));
}

/** `wanted` of 0..length-1 at most, evenly spread, with both ends. */
function spread(length: number, wanted: number): number[] {
  if (length <= wanted) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: wanted }, (_, i) => Math.round(i * (length - 1) / (wanted - 1)));
}

interface Plane {
  readonly axes: readonly [string, string];
  /** How the plane was chosen, for a caption. */
  readonly words: string;
  /** The chosen rows of codes [n, latent size] -> [chosen, 2]. */
  project(codes: Float32Array, chosen: readonly number[]): Float32Array;
}

/**
 * Two dimensions to look at the latent space in: itself, or the directions of the two leading principal
 * components of the final posterior means. Codes are not centred, so that the prior stays around (0, 0).
 */
function latentPlane({ slice, means, test }: RenderData): Plane {
  const { latentSize } = slice.model;
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
  const total = varianceOfMeans({ mean: matrix, logVariance: matrix }).reduce((sum, value) => sum + value, 0);
  const shares = [variances[0]! / total, variances[1]! / total] as const;
  return {
    axes: [`first component (${percent(shares[0])})`, `second component (${percent(shares[1])})`],
    words:
      `The plane is that of the first two principal components of the ${latentSize}-dimensional means; ` +
      `they hold ${percent(shares[0])} and ${percent(shares[1])} of their variance.`,
    project: project(components.data),
  };
}
