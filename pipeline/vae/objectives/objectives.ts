import { betaTc } from "./beta_tc.spec.ts";
import { elbo } from "./elbo.spec.ts";
import { gan } from "./adversarial/gan.spec.ts";
import { iwae } from "./iwae.spec.ts";
import { m2 } from "./m2/m2.spec.ts";
import { mmd } from "./mmd.spec.ts";
import { vaeGan } from "./adversarial/vae_gan.spec.ts";
import { isOwn } from "../../base/own_module.ts";
import { ownGoal, ownObjective, type OwnObjectiveSpec } from "./own.ts";
import type { ObjectiveBase, ObjectiveSpec } from "./objective.ts";

/** The objectives that a spec can name as `objective.name`. */
export const OBJECTIVES = {
  elbo,
  iwae,
  "beta-tc": betaTc,
  mmd,
  m2,
  "vae-gan": vaeGan,
  gan,
} satisfies Record<string, ObjectiveSpec>;

/** The schemas of all of them, and of a module of the user's. */
export const GOALS = { ...OBJECTIVES, module: ownGoal };

/** The variant that a spec names. */
export function objectiveOf(objective: ObjectiveBase & Partial<OwnObjectiveSpec>): ObjectiveSpec {
  const byName: Readonly<Record<string, ObjectiveSpec>> = OBJECTIVES;
  return isOwn(objective) ? ownObjective(objective) : byName[objective.name]!;
}
