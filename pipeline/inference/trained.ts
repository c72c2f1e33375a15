import type { DatasetInfo } from "../artifacts/dataset.ts";
import type { Engine, Parameters } from "../engine/engine.ts";
import { decodeSafetensors } from "../formats/safetensors.ts";
import type { ModelBase } from "../vae/architectures/architecture.ts";
import { CLASS_POSTERIOR, type ClassPosterior, createClassPosterior } from "../vae/class_posterior.ts";
import { createVae, type ModelModules, type Vae } from "../vae/vae.ts";

/** A trained model, ready to be run by an engine. */
export interface TrainedModel extends Disposable {
  readonly engine: Engine;
  readonly vae: Vae;
  readonly parameters: Parameters;
  /** What tells classes, where it was trained with few labels. */
  readonly classPosterior: ClassPosterior | undefined;
}

/**
 * Opens a trained model: builds it, and gives it its weights.
 *
 * @param data what it was trained on
 * @param weights `weights.safetensors`
 */
export function openTrained(
  engine: Engine,
  model: ModelBase,
  modules: ModelModules,
  { shape, classes }: Pick<DatasetInfo, "shape" | "classes">,
  weights: Uint8Array<ArrayBuffer>,
): TrainedModel {
  const { tensors } = decodeSafetensors(weights, "weights.safetensors");
  // The seed draws initial values, and all of them are replaced.
  const vae = createVae(model, shape, 0, modules, classes.length);
  const classPosterior = Object.keys(tensors).some((name) => name.startsWith(`${CLASS_POSTERIOR}/`))
    ? createClassPosterior(
      { seed: 0, model, inputShape: shape, architecture: modules.architecture },
      vae.classes,
    )
    : undefined;
  const variables = [...vae.variables, ...classPosterior?.variables ?? []];
  const parameters = engine.parameters(variables);
  for (const name of parameters.names) parameters.set(name, tensors[name]!.data);
  return {
    engine,
    vae,
    parameters,
    classPosterior,
    [Symbol.dispose]: () => variables.forEach((variable) => variable.dispose()),
  };
}
