import { readArtifact } from "../../artifacts/artifact.ts";
import { CLASS_REGIONS } from "../../artifacts/class_regions.ts";
import { type DatasetInfo, readDatasetInfo, readPart } from "../../artifacts/dataset.ts";
import { EXAMPLE_LOSSES, totalLosses } from "../../artifacts/example_losses.ts";
import { IMPORTANCE_CSV } from "../../artifacts/importance_csv.ts";
import { KL_PER_DIMENSION_CSV } from "../../artifacts/kl_per_dimension_csv.ts";
import { LATENTS, LATENTS_JSON, MANIFOLDS } from "../../artifacts/latents.ts";
import { type EpochMetrics, lossCurve, METRICS_CSV } from "../../artifacts/metrics_csv.ts";
import { METRICS_JSON } from "../../artifacts/metrics_json.ts";
import { musicMetrics } from "../../artifacts/music_metrics.ts";
import { POSTERIOR } from "../../artifacts/posterior.ts";
import { studyPictures } from "../../artifacts/study_pictures.ts";
import { decodeWindows, musicInfo } from "../../kinds/music/music.ts";
import type { Curves, LearningCurvesData } from "../../figures/learning_curves.ts";
import type { StageContext } from "../../graph/stage.ts";
import type { Manifolds, MusicData, RenderData, RenderSlice, Studies } from "./drawn.ts";

type Inputs = Pick<StageContext<RenderSlice>, "slice" | "input" | "inputs">;

/** Reads what earlier stages wrote; what is left is the decoder. */
export async function loadRenderData(
  context: Inputs,
): Promise<Omit<RenderData, "decode" | "decoder" | "layers">> {
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
    slice: context.slice,
    info,
    regions: (await readArtifact(context, CLASS_REGIONS)).regions,
    music: await loadMusic(context, info),
    studies: await loadStudies(context),
    manifolds: await loadManifolds(context),
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
  };
}

async function loadMusic(
  context: Inputs,
  dataset: DatasetInfo,
): Promise<MusicData | undefined> {
  const info = musicInfo(dataset);
  if (!info) return undefined;
  return {
    info,
    generation: context.slice.generation!,
    windows: decodeWindows(await Deno.readTextFile(context.input("preprocess/windows.csv"))),
    metrics: musicMetrics(await readArtifact(context, METRICS_JSON))!,
  };
}

async function loadStudies(context: Inputs): Promise<Studies> {
  const { studies = {} } = await readArtifact(context, METRICS_JSON);
  const entries = await Promise.all(
    Object.entries(studies).map(async ([name, metrics]) => {
      const { shape: [rows, columns], data } = await readArtifact(context, studyPictures(name));
      return [name, { metrics, pictures: { rows, columns, values: data } }] as const;
    }),
  );
  return Object.fromEntries(entries) as Studies;
}

async function loadManifolds(context: Inputs): Promise<Manifolds | undefined> {
  if (!context.inputs.includes(MANIFOLDS.name)) return undefined;
  const { shape: [, side], data } = await readArtifact(context, MANIFOLDS);
  return { side: side!, values: data };
}

/** @param epochs those of training, without the model before it */
function learningCurves(epochs: readonly EpochMetrics[]): LearningCurvesData {
  const curves = (part: "train" | "test"): Curves => ({
    loss: lossCurve(epochs, part, "loss"),
    reconstruction: lossCurve(epochs, part, "reconstruction"),
    kl: lossCurve(epochs, part, "kl"),
  });
  return {
    epochs: epochs.map(({ epoch }) => epoch),
    splits: { train: curves("train"), test: curves("test") },
    klWeight: epochs.map(({ klWeight }) => klWeight),
  };
}
