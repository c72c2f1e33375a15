import { drawArchitecture } from "../../pipeline/figures/architecture/draw.ts";
import { drawFewLabels } from "../../pipeline/figures/few_labels/draw.ts";
import { drawImportanceBound } from "../../pipeline/figures/importance_bound/draw.ts";
import { drawInterpolation } from "../../pipeline/figures/interpolation/draw.ts";
import { drawKlPerDimension } from "../../pipeline/figures/kl_per_dimension/draw.ts";
import { drawLatentScatter } from "../../pipeline/figures/latent_scatter/draw.ts";
import { drawLearningCurves } from "../../pipeline/figures/learning_curves/draw.ts";
import { drawLinearSubspace } from "../../pipeline/figures/linear_subspace/draw.ts";
import { drawManifold } from "../../pipeline/figures/manifold/draw.ts";
import { drawManifoldAnimation } from "../../pipeline/figures/manifold_animation/draw.ts";
import { pictureRows } from "../../pipeline/figures/drawing/picture_rows.ts";
import { drawPosteriorAnimation } from "../../pipeline/figures/posterior_animation/draw.ts";
import { drawPosteriorEvolution } from "../../pipeline/figures/posterior_evolution/draw.ts";
import { drawPredictionError } from "../../pipeline/figures/prediction_error/draw.ts";
import { drawPriorSamples } from "../../pipeline/figures/prior_samples/draw.ts";
import { drawReconstructions } from "../../pipeline/figures/reconstructions/draw.ts";
import type { FigureText } from "../../pipeline/figures/drawing/svg.ts";
import { describeLayers } from "../vae/modules.ts";
import { FIGURE_NAMES, type FigureName, figureSpec } from "../../pipeline/figures/figures.ts";
import { experimentSchema } from "../../pipeline/spec/experiment.ts";
import { clusters, digitImages } from "./fixture.ts";

/** How many points, images and layers the gallery's figures hold: small for snapshots, large to look at. */
export interface GallerySize {
  readonly points: number;
  readonly epochs: number;
  readonly images: number;
  readonly side: number;
  readonly model: unknown;
}

export const CONV_MODEL = {
  architecture: "conv",
  latentSize: 16,
  encoder: {
    conv: [{ filters: 32, kernel: 3, stride: 2 }, { filters: 64, kernel: 3, stride: 2 }],
    dense: [128],
  },
  decoder: {
    reshape: [7, 7, 64],
    conv: [{ filters: 32, kernel: 3, stride: 2 }, { filters: 1, kernel: 3, stride: 2 }],
  },
};

export type ImageFigureName = Exclude<
  FigureName,
  "music-statistics" | "posterior-samples" | "harmonisation" | "class-shift"
>;

/** Those of music have tests of their own. */
export const IMAGE_FIGURES = FIGURE_NAMES.filter((name): name is ImageFigureName =>
  figureSpec(name).of.images !== undefined
);

/** Every figure of images, drawn from made-up data. */
export function gallery(size: GallerySize): Record<ImageFigureName, (text: FigureText) => string> {
  const { points, epochs, images, side } = size;
  const model =
    experimentSchema.parse({ name: "gallery", dataset: { name: "mnist" }, model: size.model }).model;
  const time = Array.from({ length: epochs }, (_, i) => i + 1);
  const curves = (gap: number) => ({
    loss: time.map((t) => 98 + gap + 90 / t),
    reconstruction: time.map((t) => 74 + gap + 88 / t),
    kl: time.map((t) => 24 + 2 / t),
  });
  const take = (count: number, seed: number) =>
    digitImages(Array.from({ length: count }, (_, i) => i % 10), side, seed);
  const grid = Array.from({ length: images ** 2 }, (_, i) => Math.floor(10 * (i % images) / images));
  const row = (title: string, seed: number) => ({
    title,
    originals: take(images, seed),
    reconstructions: take(images, seed + 1),
    losses: time.slice(0, images).map((t) => 90 + 7 * t),
  });
  const snapshots = [0, 1, 2, 5, 10, 20].map((epoch) => ({
    epoch,
    coordinates: clusters(points, 2 * epoch / (epoch + 2)).coordinates,
  }));
  const layers = describeLayers(model, [28, 28]);
  const study = (name: string, labels: readonly string[]) => (text: FigureText) =>
    pictureRows(name, labels.map((label, i) => ({ label: [label], images: take(images, i) })), text);
  return {
    "architecture": (text) =>
      drawArchitecture({
        latentSize: model.latentSize,
        likelihood: { title: "Bernoulli", output: "logits" },
        layers,
        parameters: layers.reduce((sum, { parameters }) => sum + parameters, 0),
        inputShape: [28, 28],
      }, text),
    "learning-curves": (text) =>
      drawLearningCurves({
        epochs: time,
        splits: { train: curves(0), test: curves(2.5) },
        klWeight: time.map((t) => Math.min(1, t / 5)),
      }, text),
    "prior-samples": (text) =>
      drawPriorSamples({ samples: take(images ** 2, 3), columns: images, nearest: take(images, 4) }, text),
    "manifold": (text) =>
      drawManifold({
        images: digitImages(grid, side),
        coordinates: Array.from({ length: images }, (_, i) => -1.64 + 3.28 * i / (images - 1)),
      }, text),
    "latent-scatter": (text) => drawLatentScatter({ points: clusters(points, 2), axes: ["z₁", "z₂"] }, text),
    "posterior-evolution": (text) => drawPosteriorEvolution({ ...clusters(points, 0), snapshots }, text),
    "posterior-animation": (text) => drawPosteriorAnimation({ ...clusters(points, 0), snapshots }, text),
    "manifold-animation": (text) =>
      drawManifoldAnimation({
        side: images,
        snapshots: [0, 5, 10].map((epoch) => ({ epoch, images: digitImages(grid, side, epoch) })),
      }, text),
    "completion": study("completion", ["whole", "seen", "fed", "inferred"]),
    "denoising": study("denoising", ["clean", "noisy", "VAE"]),
    "attributes": (text) =>
      pictureRows("attributes", [
        { heading: "Slant", label: ["−2 to +2"], images: take(images, 1) },
        { heading: "Class", label: ["as it is,", "then 0 to 9"], images: take(images, 2) },
      ], text),
    "few-labels": (text) => {
      const series = (name: string, lead: number) => ({
        name,
        points: [10, 100, 1000].map((labels, i) => ({
          labels,
          mean: 0.4 + 0.22 * i + lead,
          deviation: 0.06 / (i + 1),
        })),
      });
      return drawFewLabels({
        rows: [{ label: ["labelled"], images: take(images, 1) }],
        panels: ["logistic regression", "nearest neighbour"].map((title) => ({
          title,
          series: [series("codes, 16", 0.03), series("PCA, 16", 0), series("pixels, 784", -0.02)],
        })),
      }, text);
    },
    "prediction-error": (text) =>
      drawPredictionError({
        rows: ["input", "prediction", "error"].map((label, i) => ({
          label: [label],
          images: take(images, i),
          ...(i === 0 ? { heading: "Intact" } : {}),
        })),
        panels: ["squared error", "share unexplained"].map((label, panel) => ({
          label,
          values: ["intact", "part missing", "noise"].map((name, i) => ({
            name,
            mean: (0.02 + 0.1 * i) * (1 + 3 * panel),
            deviation: 0.01 * (i + 1),
          })),
        })),
      }, text),
    "linear-subspace": (text) =>
      drawLinearSubspace({
        rows: ["PCA", "other"].map((label, i) => ({ label: [label], images: take(images, i) })),
        angles: [0.5, 1, 2, 4],
        halvesAngles: [2, 4, 8, 16],
        randomAngles: [80, 84, 86, 89],
      }, text),
    "class-samples": study("class-samples", ["0", "1", "2"]),
    "sample-quality": study("sample-quality", ["test", "made", "samples"]),
    "traversal": (text) =>
      pictureRows(
        "traversal",
        [3, 1].map((j) => ({ id: String(j), label: [`z ${j}`, "2.1 nats"], images: take(images, j) })),
        text,
      ),
    "reconstructions": (text) =>
      drawReconstructions([row("Random test images", 1), row("The worst of 10,000", 5)], text),
    "interpolation": (text) =>
      drawInterpolation(
        [1, 2, 3].map((seed) => ({
          ends: [digitImages([1], side, seed), digitImages([7], side, seed)] as const,
          between: take(images, seed),
        })),
        text,
      ),
    "kl-per-dimension": (text) => {
      const kl = [2.1, 0.001, 1.7, 0.4, 2.9, 0.002, 1.1, 0.9, 0.6, 2.2].concat(
        images > 5 ? [1.1, 1.2, 0.003, 2.4, 1.9, 2] : [],
      );
      return drawKlPerDimension({ kl, active: kl.map((value) => value > 0.01) }, text);
    },
    "importance-bound": (text) => {
      const samples = [1, 2, 5, 10, 20, 50, 100, 200, 500];
      return drawImportanceBound({
        samples,
        bound: samples.map((k) => 98 - 1.2 * Math.log(k)),
        standardError: samples.map(() => 0.9),
      }, text);
    },
  };
}
