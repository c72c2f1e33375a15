import { DATASETS } from "../datasets/facts.ts";
import type { WrittenExperiment } from "./schema.ts";

type WrittenSplit = WrittenExperiment["dataset"]["split"];
type WrittenPart = NonNullable<WrittenSplit["train"]>;

/** A part of a file with its offset settled; both numbers count examples of each class where `perClass` is given. */
export type SplitPart =
  | { count: number; offset: number }
  | { perClass: number; offset: number };

/** Settles the defaults that depend on other values: split parts, latent snapshots, numbers of test examples. */
export function fillDefaults(spec: WrittenExperiment) {
  const { dataset, training, evaluation, figures } = spec;
  const split = fillSplit(dataset.split, DATASETS[dataset.name].files);
  const testSize = partSize(split.test, DATASETS[dataset.name].classes.length);
  return {
    ...spec,
    dataset: { ...dataset, split },
    training: { ...training, latentSnapshots: training.latentSnapshots ?? defaultSnapshots(training.epochs) },
    evaluation: {
      ...evaluation,
      importanceExamples: evaluation.importanceExamples ?? Math.min(1000, testSize),
    },
    figures: { ...figures, scatterPoints: figures.scatterPoints ?? Math.min(4000, testSize) },
  };
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
