import type { Shape } from "../../base/shape.ts";
import { likelihoodOf } from "../likelihoods/likelihoods.ts";
import type { ArchitectureSpec, LayerShape, ModelBase } from "./architecture.ts";
import { conv } from "./conv/spec.ts";
import { dense } from "./dense/spec.ts";
import { hierarchical } from "./hierarchical/spec.ts";
import { lstm } from "./lstm/spec.ts";
import { isOwn } from "../../base/own_module.ts";
import { own, ownArchitecture, type OwnArchitectureSpec } from "./own.ts";

/** The architectures that a spec can name as `model.architecture`. */
export const ARCHITECTURES = {
  dense,
  conv,
  lstm,
  hierarchical,
} satisfies Record<string, ArchitectureSpec>;

/** The schemas of all of them, and of a module of the user's. */
export const MODELS = { ...ARCHITECTURES, module: own };

/** The variant that a spec names. */
export function architectureOf(model: ModelBase & Partial<OwnArchitectureSpec>): ArchitectureSpec {
  const byName: Readonly<Record<string, ArchitectureSpec>> = ARCHITECTURES;
  return isOwn(model) ? ownArchitecture(model) : byName[model.architecture]!;
}

/** The layers of a spec's model (`ArchitectureSpec.describeLayers`), with the outputs that its likelihood wants. */
export function describedLayers(model: ModelBase, inputShape: Shape): LayerShape[] {
  const { outputsPerValue } = likelihoodOf(model.likelihood).traits(model.likelihood);
  return architectureOf(model).describeLayers(model, inputShape, outputsPerValue);
}

/** Whether what a model writes depends on what it wrote before: by its decoder, or within a row by its likelihood. */
export function writesInTurn(model: ModelBase): boolean {
  const { autoregressive = false } = likelihoodOf(model.likelihood).traits(model.likelihood);
  return autoregressive || architectureOf(model).isAutoregressive(model);
}
