import { architectureOf } from "../vae/architectures/architectures.ts";
import { IMAGE_DATASETS, MUSIC_DATASETS, type MusicDatasetName } from "../datasets/facts.ts";
import type { WindowPlan } from "../kinds/music/windows.ts";
import type { WrittenExperiment } from "./schema.ts";

type WrittenDataset = WrittenExperiment["dataset"];
type WrittenImages = Exclude<WrittenDataset, { name: MusicDatasetName }>;
type WrittenMusic = Extract<WrittenDataset, { name: MusicDatasetName }>;
type WrittenSplit = WrittenImages["split"];
type WrittenPart = NonNullable<WrittenSplit["train"]>;

/** A part of a file with its offset settled; both numbers count examples of each class where `perClass` is given. */
export type SplitPart =
  | { count: number; offset: number }
  | { perClass: number; offset: number };

type FigureName = NonNullable<WrittenExperiment["figures"]["show"]>[number];

const FIGURES_OF_ALL: readonly FigureName[] = [
  "architecture",
  "learning-curves",
  "prior-samples",
  "manifold",
  "latent-scatter",
  "posterior-evolution",
  "reconstructions",
  "interpolation",
  "kl-per-dimension",
  "importance-bound",
];
const MUSIC_FIGURES: readonly FigureName[] = [
  "reconstructions",
  "prior-samples",
  "class-samples",
  "interpolation",
  "music-statistics",
  "architecture",
  "learning-curves",
  "latent-scatter",
  "posterior-evolution",
  "kl-per-dimension",
  "importance-bound",
];

/** Settles the defaults that depend on other values. */
export function fillDefaults(spec: WrittenExperiment) {
  const { training, evaluation, figures, generation } = spec;
  const dataset = spec.dataset.name === "mnist" ? fillImages(spec.dataset) : fillMusic(spec.dataset);
  const music = isMusic(dataset);
  // How many windows music is cut into is not known before its files are read.
  const testSize = music
    ? Infinity
    : partSize(dataset.split.test, IMAGE_DATASETS[dataset.name].classes.length);
  const { from, to, steps } = figures.interpolation;
  return {
    ...spec,
    dataset,
    model: fillModel(spec.model, music && dataset.representation.articulation ? 2 : 1),
    training: { ...training, latentSnapshots: training.latentSnapshots ?? defaultSnapshots(training.epochs) },
    evaluation: {
      ...evaluation,
      importanceExamples: evaluation.importanceExamples ?? Math.min(100, testSize),
    },
    generation: music ? generation : undefined,
    figures: {
      ...figures,
      show: figures.show ?? [...(music ? MUSIC_FIGURES : FIGURES_OF_ALL)],
      samples: figures.samples ?? (music ? 6 : 64),
      reconstructions: figures.reconstructions ?? (music ? 3 : 10),
      interpolation: {
        from: from ?? (music ? 0 : 1),
        to: to ?? (music ? (MUSIC_DATASETS[dataset.name].classes?.length ?? 1) - 1 : 7),
        steps: steps ?? (music ? 5 : 9),
      },
      scatterPoints: figures.scatterPoints ?? Math.min(4000, testSize),
    },
  };
}

function isMusic<Images extends { name: "mnist" }, Music extends { name: MusicDatasetName }>(
  dataset: Images | Music,
): dataset is Music {
  return dataset.name !== "mnist";
}

function fillImages(dataset: WrittenImages) {
  return { ...dataset, split: fillSplit(dataset.split, IMAGE_DATASETS[dataset.name].files) };
}

/** Generic, so that each name keeps its own kinds of sources. */
function fillMusic<Dataset extends WrittenMusic>(dataset: Dataset) {
  const { length, hop, perPiece, transpositions } = dataset.windows;
  // A spec that gives both is refused by `specProblems`.
  const plan: WindowPlan = perPiece !== undefined && hop === undefined
    ? { length, perPiece }
    : { length, hop: hop ?? dataset.representation.stepsPerQuarter };
  return { ...dataset, windows: { ...plan, transpositions } };
}

/** Generic, so that each architecture keeps its own keys. @param channels parts that lie side by side in a row */
function fillModel<Model extends WrittenExperiment["model"]>(model: Model, channels: number): Model {
  return architectureOf(model).fillDefaults(model, channels);
}

/** The number of examples in a part. */
export function partSize(part: SplitPart, classes: number): number {
  return "count" in part ? part.count : part.perClass * classes;
}

function fillSplit(split: WrittenSplit, files: { train: { examples: number }; test: { examples: number } }) {
  const wanted = split.validation;
  const beforeValidation = wanted?.offset ?? files.train.examples - (wanted ? amount(wanted) : 0);
  const train = settle(split.train ?? { count: Math.max(0, beforeValidation) }, 0);
  const none: WrittenPart = "count" in train ? { count: 0 } : { perClass: 0 };
  return {
    ...split,
    train,
    validation: settle(wanted ?? none, train.offset + amount(train)),
    test: settle(split.test ?? { count: files.test.examples }, 0),
  };
}

function amount(part: WrittenPart): number {
  return "count" in part ? part.count : part.perClass;
}

function settle(part: WrittenPart, offset: number): SplitPart {
  return { ...part, offset: part.offset ?? offset };
}

/** 0, 1, 2, 3, 5, 10, 20, 30, 50, 100, ... and the last epoch: the codes move most at the start. */
function defaultSnapshots(epochs: number): number[] {
  const chosen = [0, 1, 2, 3, 5];
  for (let decade = 10; decade < epochs; decade *= 10) {
    chosen.push(decade, 2 * decade, 3 * decade, 5 * decade);
  }
  return [...chosen.filter((epoch) => epoch < epochs), epochs];
}
