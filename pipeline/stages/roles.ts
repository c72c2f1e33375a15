import type { Engine, EngineModule } from "../engine/engine.ts";
import type { StageContext } from "../graph/stage.ts";
import type { ArchitectureModule } from "../vae/architectures/architecture.ts";
import type { LikelihoodModule } from "../vae/likelihoods/likelihood.ts";
import type { PriorModule } from "../vae/priors/prior.ts";
import type { ModelModules } from "../vae/vae.ts";

/** The variants that every stage loads which works with the model. */
export interface ModelRoles {
  readonly engine: EngineModule;
  readonly architecture: ArchitectureModule;
  readonly likelihood: LikelihoodModule;
  readonly prior: PriorModule;
}

/** The code of the model that the spec names. */
export async function loadModel(
  context: Pick<StageContext<unknown, unknown, ModelRoles>, "load">,
): Promise<ModelModules> {
  return {
    architecture: await context.load("architecture"),
    likelihood: await context.load("likelihood"),
    prior: await context.load("prior"),
  };
}

/** The engine that the user chose. */
export async function openEngine(
  context: Pick<StageContext<unknown, unknown, ModelRoles>, "load">,
): Promise<Engine> {
  const { open } = await context.load("engine");
  return await open();
}
