import type { VariantWords } from "../report/data.ts";
import { aboutOf } from "../datasets/datasets.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import { optimiserOf } from "../engine/update/optimisers/optimisers.ts";
import type { Experiment } from "../spec/experiment.ts";
import { architectureOf } from "../vae/architectures/architectures.ts";
import { klScheduleOf } from "../vae/kl_schedules/kl_schedules.ts";
import { learningRateOf } from "../vae/learning_rates/learning_rates.ts";
import { priorOf, priorWords } from "../vae/priors/priors.ts";
import { objectiveOf } from "../vae/objectives/objectives.ts";
import { likelihoodOf } from "../vae/likelihoods/likelihoods.ts";

/** What the variants that a spec names say of themselves. @param experiment with its source as a report has it */
export function variantWords({ dataset, model, objective, kl, training }: Experiment): VariantWords {
  const architecture = architectureOf(model);
  const likelihood = likelihoodOf(model.likelihood);
  const { trains, caveat } = objectiveOf(objective);
  return {
    nouns: aboutOf(dataset).nouns,
    elsewhere: sourceOf(dataset.source).elsewhere?.(dataset.source) ?? null,
    likelihood: likelihood.words(model.likelihood),
    binaryLikelihood: likelihood.binary ? likelihood.title : null,
    density: likelihood.density ? likelihood.title : null,
    prior: priorWords(model),
    standardNormalPrior: priorOf(model).standardNormal,
    objective: objectiveOf(objective).words(objective),
    ...(trains === undefined ? {} : { trains }),
    ...(caveat === undefined ? {} : { objectiveCaveat: caveat }),
    klWeight: klScheduleOf(kl).words(kl),
    learningRate: learningRateOf(training.learningRate).words(training.learningRate),
    optimiser: optimiserOf(training.optimiser).words(training.optimiser),
    readsPast: architecture.isAutoregressive(model),
    weightLayouts: architecture.weightLayouts,
  };
}
