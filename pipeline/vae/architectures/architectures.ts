import type { ArchitectureSpec, ModelBase } from "./architecture.ts";
import { conv } from "./conv/spec.ts";
import { dense } from "./dense/spec.ts";
import { lstm } from "./lstm/spec.ts";
import { isOwn } from "../../base/own_module.ts";
import { own, ownArchitecture, type OwnArchitectureSpec } from "./own.ts";

/** The architectures that a spec can name as `model.architecture`. */
export const ARCHITECTURES = {
  dense,
  conv,
  lstm,
} satisfies Record<string, ArchitectureSpec>;

/** The schemas of all of them, and of a module of the user's. */
export const MODELS = { ...ARCHITECTURES, module: own };

/** The variant that a spec names. */
export function architectureOf(model: ModelBase & Partial<OwnArchitectureSpec>): ArchitectureSpec {
  const byName: Readonly<Record<string, ArchitectureSpec>> = ARCHITECTURES;
  return isOwn(model) ? ownArchitecture(model) : byName[model.architecture]!;
}
