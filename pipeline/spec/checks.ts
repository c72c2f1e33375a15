import { IMAGE_DATASETS, isMusicName, MUSIC_DATASETS } from "../datasets/facts.ts";
import { columnsOf } from "../kinds/music/piano_roll.ts";
import { figureProblems } from "../figures/problems.ts";
import { partSize } from "./defaults.ts";
import { geometryProblems } from "./geometry.ts";
import { musicProblems } from "../kinds/music/problems.ts";
import type { IsWritten, Problem } from "../base/problem.ts";
import type { Experiment, ImageDatasetSpec, MusicDatasetSpec, TrainingSpec } from "./schema.ts";
import { splitProblems } from "../kinds/images/split_problems.ts";

/** What is impossible in a spec whose every value is well-formed by itself. */
export function specProblems(spec: Experiment, isWritten: IsWritten): Problem[] {
  return [
    ...dataProblems(spec, isWritten),
    ...klProblems(spec),
    ...trainingProblems(spec.training),
    ...snapshotProblems(spec),
    ...figureProblems(spec.figures, { training: spec.training, classes: classesOf(spec.dataset) }),
  ];
}

function dataProblems(spec: Experiment, isWritten: IsWritten): Problem[] {
  const { dataset, model } = spec;
  if (isMusic(dataset)) {
    const problems = musicProblems(spec, dataset, isWritten);
    if (problems.length > 0) return problems;
    const { length } = dataset.windows;
    return geometryProblems(model, [length, columnsOf(dataset.representation)]);
  }
  const facts = IMAGE_DATASETS[dataset.name];
  const inSplit = splitProblems(dataset, facts);
  const inGeneration: Problem[] = isWritten(["generation"])
    ? [{ path: ["generation"], message: `generation is for music: ${facts.title} is a set of images` }]
    : [];
  return [
    ...inSplit,
    ...inGeneration,
    ...geometryProblems(model, facts.shape),
    ...(inSplit.length > 0 ? [] : sizeProblems(spec, dataset, facts.classes.length, isWritten)),
  ];
}

function isMusic(dataset: Experiment["dataset"]): dataset is MusicDatasetSpec {
  return isMusicName(dataset.name);
}

/** What is possible, and probably not meant. */
export function specNotices({ kl, training, dataset }: Experiment): string[] {
  const notices: string[] = [];
  if (kl.schedule !== "constant") {
    const length = kl.unit === "epoch" ? training.epochs : trainingSteps(dataset, training);
    if (kl.end > length) {
      notices.push(
        `The KL weight is still on its way when the training ends: kl.end is ${kl.unit} ${kl.end}, ` +
          `the training has ${length}.`,
      );
    }
  }
  const { learningRate } = training;
  if (learningRate.schedule === "piecewise") {
    const unused = learningRate.changes.find((change) => change.epoch > training.epochs);
    if (unused) {
      notices.push(
        `The learning rate's change at epoch ${unused.epoch} is never reached: ` +
          `the training has ${training.epochs} epochs.`,
      );
    }
  }
  return notices;
}

/** Infinity for music, whose windows are not counted before its files are read. */
function trainingSteps(dataset: Experiment["dataset"], { epochs, batchSize }: TrainingSpec): number {
  if (isMusic(dataset)) return Infinity;
  const examples = partSize(dataset.split.train, IMAGE_DATASETS[dataset.name].classes.length);
  return epochs * Math.floor(examples / batchSize);
}

function sizeProblems(
  spec: Experiment,
  { split }: ImageDatasetSpec,
  classes: number,
  isWritten: IsWritten,
): Problem[] {
  const train = partSize(split.train, classes);
  const test = partSize(split.test, classes);
  const problems: Problem[] = [];

  const { batchSize, earlyStopping } = spec.training;
  if (batchSize > train) {
    const batchPath = ["training", "batchSize"];
    problems.push({
      path: isWritten(batchPath) ? batchPath : ["dataset", "split", "train"],
      message: `The training part has ${train} examples, fewer than training.batchSize, ${batchSize}`,
      notes: [`Allowed: a batch size of 1 to ${train}.`],
    });
  }
  if (earlyStopping && partSize(split.validation, classes) === 0) {
    problems.push({
      path: ["training", "earlyStopping"],
      message: "Early stopping needs a validation part, and there is none",
      notes: ['Next: "validation": { "count": 5000 } in dataset.split.'],
    });
  }
  const limits: [string[], number, number, string][] = [
    [["evaluation", "importanceExamples"], spec.evaluation.importanceExamples, test, "test"],
    [["figures", "scatterPoints"], spec.figures.scatterPoints, test, "test"],
    [["figures", "reconstructions"], spec.figures.reconstructions, test, "test"],
    [["evaluation", "neighbours"], spec.evaluation.neighbours, train, "training"],
  ];
  for (const [path, wanted, there, part] of limits) {
    if (wanted > there) {
      problems.push({
        path: isWritten(path) ? path : ["dataset", "split"],
        message: `${path.join(".")} asks for ${wanted} examples: the ${part} part has ${there}`,
        notes: [`Allowed: at most ${there}.`],
      });
    }
  }
  return problems;
}

function klProblems({ kl }: Experiment): Problem[] {
  if (kl.schedule === "constant" || kl.end >= kl.start) return [];
  return [{
    path: ["kl", "end"],
    message:
      `The KL schedule ends before it starts: it starts at ${kl.unit} ${kl.start} and ends at ${kl.end}`,
    notes: [`Allowed: an end of at least ${kl.start}.`],
  }];
}

function trainingProblems({ epochs, learningRate, latentSnapshots }: TrainingSpec): Problem[] {
  const problems: Problem[] = [];
  const path = ["training", "learningRate"];
  if (learningRate.schedule === "piecewise") {
    const { changes } = learningRate;
    const late = changes.findIndex((change, i) => i > 0 && change.epoch <= changes[i - 1]!.epoch);
    if (late > 0) {
      problems.push({
        path: [...path, "changes", late, "epoch"],
        message:
          `The learning rate's changes are out of order: epoch ${changes[late]!.epoch} comes after epoch ` +
          `${changes[late - 1]!.epoch}`,
        notes: ["Allowed: each epoch once, in rising order."],
      });
    }
  }
  if (learningRate.schedule === "cosine") {
    const { warmupEpochs, rate, endRate } = learningRate;
    if (warmupEpochs >= epochs) {
      problems.push({
        path: [...path, "warmupEpochs"],
        message: `The learning rate warms up for ${warmupEpochs} epochs: the training has ${epochs}`,
        notes: [`Allowed: less than ${epochs}.`],
      });
    }
    if (endRate > rate) {
      problems.push({
        path: [...path, "endRate"],
        message: `The learning rate would rise from ${rate} to endRate, ${endRate}: a cosine schedule falls`,
        notes: [`Allowed: 0 to ${rate}.`],
      });
    }
  }
  const wrong = latentSnapshots.findIndex((epoch, i) =>
    epoch > epochs || (i > 0 && epoch <= latentSnapshots[i - 1]!)
  );
  if (wrong >= 0) {
    const epoch = latentSnapshots[wrong]!;
    problems.push({
      path: ["training", "latentSnapshots", wrong],
      message: epoch > epochs
        ? `There is no epoch ${epoch} to take a latent snapshot at: the training has ${epochs}`
        : `The latent snapshots are out of order: epoch ${epoch} comes after epoch ${
          latentSnapshots[wrong - 1]
        }`,
      notes: [`Allowed: epochs 0 to ${epochs}, each once, in rising order.`],
    });
  }
  return problems;
}

function snapshotProblems({ dataset, model, training }: Experiment): Problem[] {
  if (training.manifoldSnapshots === undefined || (model.latentSize === 2 && !isMusic(dataset))) return [];
  return [{
    path: ["training", "manifoldSnapshots"],
    message: isMusic(dataset)
      ? "There is no manifold of piano rolls to take snapshots of"
      : `Snapshots of the manifold need two latent dimensions: model.latentSize is ${model.latentSize}`,
  }];
}

/** The names of a dataset's classes; undefined where they are not known before its files are read. */
function classesOf(dataset: Experiment["dataset"]): readonly string[] | undefined {
  return isMusic(dataset) ? MUSIC_DATASETS[dataset.name].classes : IMAGE_DATASETS[dataset.name].classes;
}
