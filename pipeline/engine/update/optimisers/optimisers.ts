import { adam } from "./adam.spec.ts";
import { adamw } from "./adamw.spec.ts";
import type { OptimiserBase, OptimiserSpec } from "./optimiser.ts";
import { sgd } from "./sgd.spec.ts";

/** The optimisers that a spec can name as `training.optimiser.name`. */
export const OPTIMISERS = {
  sgd,
  adam,
  adamw,
} satisfies Record<string, OptimiserSpec>;

/** The variant that a spec names. */
export function optimiserOf({ name }: OptimiserBase): OptimiserSpec {
  const byName: Readonly<Record<string, OptimiserSpec>> = OPTIMISERS;
  return byName[name]!;
}
