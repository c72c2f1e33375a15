import { elbo } from "./elbo.spec.ts";
import { iwae } from "./iwae.spec.ts";
import type { ObjectiveBase, ObjectiveSpec } from "./objective.ts";

/** The objectives that a spec can name as `objective.name`. */
export const OBJECTIVES = {
  elbo,
  iwae,
} satisfies Record<string, ObjectiveSpec>;

/** The variant that a spec names. */
export function objectiveOf({ name }: ObjectiveBase): ObjectiveSpec {
  const byName: Readonly<Record<string, ObjectiveSpec>> = OBJECTIVES;
  return byName[name]!;
}
