import { adam } from "./adam.spec.ts";
import { adamw } from "./adamw.spec.ts";
import type { OptimiserBase, OptimiserSpec } from "./optimiser.ts";
import { sgd } from "./sgd.spec.ts";

/** The optimisers that a spec can name as `training.optimiser.name`. */
export const OPTIMISERS = { sgd, adam, adamw } satisfies Record<string, unknown>;

/** The variant that a spec names. */
export function optimiserOf<Spec extends OptimiserBase>(spec: Spec): OptimiserSpec<Spec> {
  return OPTIMISERS[spec.name as keyof typeof OPTIMISERS] as unknown as OptimiserSpec<Spec>;
}
