import "../../pipeline/engine/tfjs.ts"; // silences tfjs before it makes its first tensor
import type { Shape } from "../../pipeline/base/shape.ts";
import type {
  ArchitectureModule,
  LayerShape,
  ModelBase,
} from "../../pipeline/vae/architectures/architecture.ts";
import { ARCHITECTURES, describedLayers } from "../../pipeline/vae/architectures/architectures.ts";
import type { KlScheduleBase, KlScheduleModule } from "../../pipeline/vae/kl_schedules/kl_schedule.ts";
import { KL_SCHEDULES } from "../../pipeline/vae/kl_schedules/kl_schedules.ts";
import type {
  LearningRateBase,
  LearningRateModule,
} from "../../pipeline/vae/learning_rates/learning_rate.ts";
import { LEARNING_RATES } from "../../pipeline/vae/learning_rates/learning_rates.ts";
import type { Objective, ObjectiveBase, ObjectiveModule } from "../../pipeline/vae/objectives/objective.ts";
import type { PriorModule } from "../../pipeline/vae/priors/prior.ts";
import { PRIORS } from "../../pipeline/vae/priors/priors.ts";
import { OBJECTIVES } from "../../pipeline/vae/objectives/objectives.ts";
import type { LikelihoodModule } from "../../pipeline/vae/likelihoods/likelihood.ts";
import { LIKELIHOODS } from "../../pipeline/vae/likelihoods/likelihoods.ts";
import { createVae, type ModelModules, type Vae } from "../../pipeline/vae/vae.ts";

/** The code of all variants, by name, as stages load it. */
async function load<Module>(table: Record<string, { module: URL }>): Promise<Record<string, Module>> {
  const entries = Object.entries(table).map(async ([name, { module }]) => [name, await import(module.href)]);
  return Object.fromEntries(await Promise.all(entries));
}

const architectures = await load<ArchitectureModule>(ARCHITECTURES);
const likelihoods = await load<LikelihoodModule>(LIKELIHOODS);
const priors = await load<PriorModule>(PRIORS);
const objectives = await load<ObjectiveModule>(OBJECTIVES);
const klSchedules = await load<KlScheduleModule>(KL_SCHEDULES);
const learningRates = await load<LearningRateModule>(LEARNING_RATES);

export function modulesOf(model: ModelBase): ModelModules {
  return {
    architecture: architectures[model.architecture]!,
    likelihood: likelihoods[model.likelihood.family]!,
    prior: priors[model.prior?.name ?? "standard-normal"]!,
  };
}

export function buildVae(model: ModelBase, inputShape: Shape, seed: number): Vae {
  return createVae(model, inputShape, seed, modulesOf(model));
}

export function buildObjective<Spec extends ObjectiveBase>(spec: Spec): Objective {
  return objectives[spec.name]!.createObjective(spec);
}

export function describeLayers(model: ModelBase, inputShape: Shape): LayerShape[] {
  return describedLayers(model, inputShape);
}

export function klWeight<Spec extends KlScheduleBase>(
  spec: Spec,
  step: number,
  stepsPerEpoch: number,
): number {
  return klSchedules[spec.schedule]!.klWeight(spec, step, stepsPerEpoch);
}

export function learningRate<Spec extends LearningRateBase>(
  spec: Spec,
  step: number,
  stepsPerEpoch: number,
  epochs: number,
): number {
  return learningRates[spec.schedule]!.learningRate(spec, step, stepsPerEpoch, epochs);
}
