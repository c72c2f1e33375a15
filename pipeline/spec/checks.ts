import { datasetOf, kindOf } from "../datasets/datasets.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import { figureProblems, testExamples } from "../figures/problems.ts";
import type { PartSizes } from "../kinds/preparation.ts";
import { architectureOf, describedLayers } from "../vae/architectures/architectures.ts";
import { sizeProblems as modelSizeProblems } from "../vae/architectures/size_problems.ts";
import { priorOf, priorWords } from "../vae/priors/priors.ts";
import { objectiveOf } from "../vae/objectives/objectives.ts";
import { likelihoodOf } from "../vae/likelihoods/likelihoods.ts";
import type { ExampleTrait } from "../vae/likelihoods/likelihood.ts";
import { klScheduleOf } from "../vae/kl_schedules/kl_schedules.ts";
import { learningRateOf } from "../vae/learning_rates/learning_rates.ts";
import { isOwn } from "../base/own_module.ts";
import type { IsWritten, Problem } from "../base/problem.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { count } from "../base/words.ts";
import type { LayerShape } from "../vae/architectures/architecture.ts";
import type { ModelSpec } from "./schema.ts";
import type { Experiment, TrainingSpec } from "./experiment.ts";

/** What is impossible in a spec whose every value is well-formed by itself. */
export function specProblems(spec: Experiment, isWritten: IsWritten): Problem[] {
  return [
    ...dataProblems(spec, isWritten),
    ...klScheduleOf(spec.kl).problems(spec.kl),
    ...objectiveOf(spec.objective).problems(spec.objective, {
      freeBits: spec.kl.freeBits,
      batchSize: spec.training.batchSize,
      conditional: spec.model.conditional ?? false,
      stopsEarly: spec.training.earlyStopping !== undefined,
      activation: (spec.model as { encoder?: { activation?: string } }).encoder?.activation,
      readsPast: architectureOf(spec.model).isAutoregressive(spec.model),
      outputsPerValue: likelihoodOf(spec.model.likelihood).traits(spec.model.likelihood).outputsPerValue,
      intensities: kindOf(spec.dataset).intensities(spec.dataset),
    }),
    ...priorProblems(spec),
    ...conditionProblems(spec),
    ...trainingProblems(spec.training),
    ...snapshotProblems(spec),
    ...figureProblems(spec.figures, {
      training: spec.training,
      likelihood: {
        title: likelihoodOf(spec.model.likelihood).title,
        ...likelihoodOf(spec.model.likelihood).traits(spec.model.likelihood),
      },
      classes: datasetOf(spec.dataset).preparation.classes(spec.dataset),
    }),
  ];
}

function dataProblems(spec: Experiment, isWritten: IsWritten): Problem[] {
  const { dataset, model } = spec;
  const { preparation, places, title } = datasetOf(dataset);
  const kind = kindOf(dataset);
  const ofData = [
    ...sourceOf(dataset.source).problems(dataset.source, dataset.name, places),
    ...preparation.problems(spec, isWritten),
  ];
  const ofLikelihood = ofData.length > 0
    ? []
    : likelihoodProblems(model, title, preparation.offers?.(dataset) ?? []);
  const ofGeneration: Problem[] = !kind.generates && isWritten(["generation"])
    ? [{ path: ["generation"], message: `generation is for music: ${title} is a set of images` }]
    : [];
  const sizes = ofData.length > 0 ? undefined : preparation.partSizes(dataset);
  return [
    ...ofData,
    ...ofLikelihood,
    ...ofGeneration,
    ...modelProblems(model, preparation.exampleShape(dataset)),
    ...(sizes ? sizeProblems(spec, sizes, isWritten) : []),
  ];
}

const TRAITS: Readonly<Record<ExampleTrait, string>> = {
  "one-hot": "of one symbol out of several",
  padded: "of sequences that are filled up with zeros",
  levels: "of the levels of 8 bits",
};

const NEXT: { readonly [Trait in ExampleTrait]?: string } = {
  levels: 'leave dataset.binarisation out, or take the family "bernoulli"',
};

/** Why the data are not what the likelihood is a distribution of. */
function likelihoodProblems(
  { likelihood }: ModelSpec,
  title: string,
  offered: readonly ExampleTrait[],
): Problem[] {
  const { asks } = likelihoodOf(likelihood);
  if (!asks || offered.includes(asks)) return [];
  return [{
    path: ["model", "likelihood", "family"],
    message: `A likelihood ${TRAITS[asks]} is not for these examples: ${title} has none`,
    notes: NEXT[asks] ? [`Next: ${NEXT[asks]}.`] : [],
  }];
}

/** Why no such model can be built for examples of this shape. */
function modelProblems(model: ModelSpec, inputShape: Shape): Problem[] {
  const architecture = architectureOf(model);
  const { outputsPerValue } = likelihoodOf(model.likelihood).traits(model.likelihood);
  const problems = architecture.problems(model, inputShape, outputsPerValue);
  if (problems.length > 0) return problems;
  const layers = describedLayers(model, inputShape);
  if (layers.length === 0) return []; // a module of the user's, which is looked at later
  const sizes = modelSizeProblems(layers);
  // What a module of the user's puts out has been looked at, and what is found of it may end in a likelihood's variable.
  return isOwn(model) ? sizes : [...sizes, ...outputProblems(layers.at(-1)!, inputShape, outputsPerValue)];
}

/** Why the decoder does not put out what the likelihood makes a distribution of. */
function outputProblems({ name, output }: LayerShape, inputShape: Shape, outputs: number): Problem[] {
  const [made, wanted] = [sizeOf(output), outputs * sizeOf(inputShape)];
  if (made === wanted) return [];
  return [{
    path: ["model", "likelihood"],
    message:
      `The likelihood needs ${count(wanted)} numbers of the decoder, ${outputs} for each value of an ` +
      `example: ${name} makes ${count(made)}`,
    notes: ["Next: another likelihood, or an architecture that makes as many."],
  }];
}

/** What is possible, and probably not meant. */
export function specNotices({ kl, training, dataset }: Experiment): string[] {
  const { epochs, learningRate } = training;
  return [
    ...klScheduleOf(kl).notices(kl, { epochs, steps: trainingSteps(dataset, training) }),
    ...learningRateOf(learningRate).notices(learningRate, epochs),
  ];
}

/** The steps of a training; Infinity where examples cannot be counted before the files are read. */
function trainingSteps(dataset: Experiment["dataset"], { epochs, batchSize }: TrainingSpec): number {
  const sizes = datasetOf(dataset).preparation.partSizes(dataset);
  return sizes ? epochs * Math.floor(sizes.train / batchSize) : Infinity;
}

function sizeProblems(
  spec: Experiment,
  { train, validation, test }: PartSizes,
  isWritten: IsWritten,
): Problem[] {
  const problems: Problem[] = [];

  const { batchSize, earlyStopping } = spec.training;
  if (batchSize > train) {
    const batchPath = ["training", "batchSize"];
    problems.push({
      path: isWritten(batchPath) ? batchPath : ["dataset", "split", "train"],
      message: `The training part has ${train} example${
        train === 1 ? "" : "s"
      }, fewer than training.batchSize, ${batchSize}`,
      notes: [`Allowed: a batch size of 1 to ${train}.`],
    });
  }
  if (earlyStopping && validation === 0) {
    problems.push({
      path: ["training", "earlyStopping"],
      message: "Early stopping needs a validation part, and there is none",
      notes: ['Next: "validation": { "count": 5000 } in dataset.split.'],
    });
  }
  const limits: [string[], number, number, string][] = [
    [["evaluation", "importanceExamples"], spec.evaluation.importanceExamples, test, "test"],
    ...testExamples(spec.figures).map((
      [option, examples],
    ): typeof limits[number] => [["figures", option], examples, test, "test"]),
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

function trainingProblems({ epochs, learningRate, latentSnapshots }: TrainingSpec): Problem[] {
  const problems = learningRateOf(learningRate).problems(learningRate, epochs);
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

/** What a conditional model cannot be combined with. */
function conditionProblems({ dataset, model, training }: Experiment): Problem[] {
  if (!model.conditional) return [];
  const problems: Problem[] = [];
  const classes = datasetOf(dataset).preparation.classes(dataset);
  if (classes && classes.length < 2) {
    problems.push({
      path: ["model", "conditional"],
      message: "A conditional model is told classes, and the data have one alone",
      notes: ["Next: leave model.conditional out."],
    });
  }
  if (!priorOf(model).standardNormal) {
    problems.push({
      path: ["model", "prior"],
      message: `A conditional model has the prior N(0, I): ${priorWords(model)} is told no class`,
      notes: ["Next: leave model.prior or model.conditional out."],
    });
  }
  if (training.manifoldSnapshots !== undefined) {
    problems.push({
      path: ["training", "manifoldSnapshots"],
      message: "Snapshots of the manifold decode codes of no class, and the model is told a class",
      notes: ["Next: leave training.manifoldSnapshots out."],
    });
  }
  return problems;
}

/** What is meant for N(0, I) and asked of another prior. */
function priorProblems({ model, kl, training }: Experiment): Problem[] {
  if (priorOf(model).standardNormal) return [];
  const prior = priorWords(model);
  const problems: Problem[] = [];
  if (kl.freeBits > 0) {
    problems.push({
      path: ["kl", "freeBits"],
      message:
        `Free bits are those of each dimension, and the KL to the prior, ${prior}, is no sum over them`,
      notes: ["Next: leave kl.freeBits out."],
    });
  }
  if (training.manifoldSnapshots !== undefined) {
    problems.push({
      path: ["training", "manifoldSnapshots"],
      message: `Snapshots of the manifold are of a grid of quantiles of N(0, I): the prior is ${prior}`,
      notes: ["Next: leave training.manifoldSnapshots out."],
    });
  }
  return problems;
}

function snapshotProblems({ dataset, model, training }: Experiment): Problem[] {
  if (training.manifoldSnapshots === undefined || (model.latentSize === 2 && kindOf(dataset).manifolds)) {
    return [];
  }
  return [{
    path: ["training", "manifoldSnapshots"],
    message: kindOf(dataset).manifolds
      ? `Snapshots of the manifold need two latent dimensions: model.latentSize is ${model.latentSize}`
      : "There is no manifold of piano rolls to take snapshots of",
  }];
}
