import type { Shape } from "../../base/shape.ts";
import { likelihoodOf } from "../likelihoods/likelihoods.ts";
import type { ArchitectureSpec, LayerShape, ModelBase } from "./architecture.ts";
import { conv } from "./conv/spec.ts";
import { dense } from "./dense/spec.ts";
import { lstm } from "./lstm/spec.ts";

/** The architectures that a spec can name as `model.architecture`. */
export const ARCHITECTURES = {
  dense,
  conv,
  lstm,
} satisfies Record<string, ArchitectureSpec>;

/** The variant that a spec names. */
export function architectureOf({ architecture }: ModelBase): ArchitectureSpec {
  const byName: Readonly<Record<string, ArchitectureSpec>> = ARCHITECTURES;
  return byName[architecture]!;
}

/** The layers of a spec's model (`ArchitectureSpec.describeLayers`), with the outputs that its likelihood wants. */
export function describedLayers(model: ModelBase, inputShape: Shape): LayerShape[] {
  const { outputsPerValue } = likelihoodOf(model.likelihood).traits(model.likelihood);
  return architectureOf(model).describeLayers(model, inputShape, outputsPerValue);
}
