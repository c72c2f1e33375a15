import type { ModelBase } from "../architectures/architecture.ts";
import type { PriorBase, PriorSpec } from "./prior.ts";
import { standardNormal } from "./standard_normal.spec.ts";
import { vamp } from "./vamp.spec.ts";

/** The priors that a spec can name as `model.prior.name`. */
export const PRIORS = {
  "standard-normal": standardNormal,
  vamp,
} satisfies Record<string, PriorSpec>;

/** The variant that a model names, or has where it names none. */
export function priorOf({ prior }: Pick<ModelBase, "prior">): PriorSpec {
  const byName: Readonly<Record<string, PriorSpec>> = PRIORS;
  return prior ? byName[prior.name]! : standardNormal;
}

/** A model's prior in words. */
export function priorWords(model: Pick<ModelBase, "prior">): string {
  const prior: PriorBase = model.prior ?? { name: "" };
  return priorOf(model).words(prior);
}
