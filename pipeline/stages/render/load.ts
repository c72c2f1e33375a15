import { readArtifact } from "../../artifacts/artifact.ts";
import { CLASS_REGIONS } from "../../artifacts/class_regions.ts";
import { type PartName, readDatasetInfo, readPart } from "../../artifacts/dataset.ts";
import { EXAMPLE_LOSSES, totalLosses } from "../../artifacts/example_losses.ts";
import { IMPORTANCE_CSV } from "../../artifacts/importance_csv.ts";
import { KL_PER_DIMENSION_CSV } from "../../artifacts/kl_per_dimension_csv.ts";
import { LATENTS, LATENTS_JSON } from "../../artifacts/latents.ts";
import { type EpochMetrics, lossCurve, METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { POSTERIOR } from "../../artifacts/posterior.ts";
import { studyPictures } from "../../artifacts/study_pictures.ts";
import type { Curves, FigureData, LearningCurves } from "../../figures/figure.ts";
import type { Measured } from "../../figures/study.ts";
import type { RenderContext } from "./context.ts";

/** Reads what earlier stages wrote of any data; what is left is the model. */
export async function readFigureData(
  context: RenderContext,
): Promise<
  Omit<FigureData, "decode" | "encode" | "samplePrior" | "sampleAggregatePosterior" | "layers" | "parameters">
> {
  const { seed, model, likelihood, prior, nouns, figures: options } = context.slice;
  const preprocessed = (name: string) => context.input(`preprocess/${name}`);
  const info = await readDatasetInfo(preprocessed("dataset.json"));
  const [train, test] = [
    await readPart("train", info, preprocessed),
    await readPart("test", info, preprocessed),
  ];
  const snapshots = await readArtifact(context, LATENTS_JSON);
  const dimensions = await readArtifact(context, KL_PER_DIMENSION_CSV);
  const bounds = await readArtifact(context, IMPORTANCE_CSV);
  const [, ...epochs] = await readArtifact(context, METRICS_CSV);
  return {
    options,
    study: undefined,
    seed,
    model,
    likelihood,
    prior,
    info,
    nouns,
    train,
    test,
    curves: learningCurves(epochs),
    snapshots: { ...snapshots, means: (await readArtifact(context, LATENTS)).data },
    means: (await readArtifact(context, POSTERIOR)).mean.data,
    losses: totalLosses(await readArtifact(context, EXAMPLE_LOSSES)),
    importance: {
      samples: bounds.map(({ samples }) => samples),
      bound: bounds.map(({ logLikelihood }) => -logLikelihood),
      standardError: bounds.map(({ standardError }) => standardError),
    },
    kl: { kl: dimensions.map(({ kl }) => kl), active: dimensions.map(({ active }) => active) },
    regions: (await readArtifact(context, CLASS_REGIONS)).regions,
  };
}

/** What the evaluation measured and kept for the figures that have a study, by name. */
export async function readStudies(context: RenderContext): Promise<ReadonlyMap<string, Measured<unknown>>> {
  const { studies = {} } = await readArtifact(context, METRICS_JSON);
  const measured = new Map<string, Measured<unknown>>();
  for (const [name, metrics] of Object.entries(studies)) {
    const { shape: [rows, columns], data } = await readArtifact(context, studyPictures(name));
    measured.set(name, { metrics, pictures: { rows: rows!, columns: columns!, values: data } });
  }
  return measured;
}

/** @param epochs those of training, without the model before it */
function learningCurves(epochs: readonly EpochMetrics[]): LearningCurves {
  const watched = epochs.some(({ validation }) => validation) ? "validation" : "test";
  const curves = (part: PartName): Curves => ({
    loss: lossCurve(epochs, part, "loss"),
    reconstruction: lossCurve(epochs, part, "reconstruction"),
    kl: lossCurve(epochs, part, "kl"),
  });
  return {
    epochs: epochs.map(({ epoch }) => epoch),
    splits: { train: curves("train"), [watched]: curves(watched) },
    klWeight: epochs.map(({ klWeight }) => klWeight),
  };
}
