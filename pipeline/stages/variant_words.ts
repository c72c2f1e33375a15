import type { VariantWords } from "../report/data.ts";
import type { SourceSpec } from "../datasets/sources/source.ts";
import { sourceOf } from "../datasets/sources/sources.ts";
import type { OptimiserBase } from "../engine/update/optimisers/optimiser.ts";
import { optimiserOf } from "../engine/update/optimisers/optimisers.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { ModelBase } from "../vae/architectures/architecture.ts";
import { architectureOf } from "../vae/architectures/architectures.ts";
import type { KlScheduleBase } from "../vae/kl_schedules/kl_schedule.ts";
import { klScheduleOf } from "../vae/kl_schedules/kl_schedules.ts";
import type { LearningRateBase } from "../vae/learning_rates/learning_rate.ts";
import { learningRateOf } from "../vae/learning_rates/learning_rates.ts";
import type { LikelihoodBase } from "../vae/likelihoods/likelihood.ts";
import { likelihoodOf } from "../vae/likelihoods/likelihoods.ts";

/** What the variants that a spec names say of themselves. @param experiment with its source as a report has it */
export function variantWords({ dataset, model, kl, training }: Experiment): VariantWords {
  const architecture = architectureOf<ModelBase>(model);
  const likelihood = likelihoodOf<LikelihoodBase>(model.likelihood);
  return {
    elsewhere: sourceOf<SourceSpec>(dataset.source).elsewhere?.(dataset.source) ?? null,
    likelihood: likelihood.words(model.likelihood),
    binaryLikelihood: likelihood.binary ? likelihood.title : null,
    klWeight: klScheduleOf<KlScheduleBase>(kl).words(kl),
    learningRate: learningRateOf<LearningRateBase>(training.learningRate).words(training.learningRate),
    optimiser: optimiserOf<OptimiserBase>(training.optimiser).words(training.optimiser),
    readsPast: architecture.isAutoregressive(model),
    weightLayouts: architecture.weightLayouts,
  };
}
