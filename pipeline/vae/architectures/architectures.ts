import type { ArchitectureSpec, ModelBase } from "./architecture.ts";
import { conv } from "./conv/spec.ts";
import { dense } from "./dense/spec.ts";
import { lstm } from "./lstm/spec.ts";

/** The architectures that a spec can name as `model.architecture`. */
export const ARCHITECTURES = { dense, conv, lstm } satisfies Record<string, unknown>;

/** The variant that a spec names. */
export function architectureOf<Model extends ModelBase>(model: Model): ArchitectureSpec<Model> {
  return ARCHITECTURES[model.architecture as keyof typeof ARCHITECTURES] as unknown as ArchitectureSpec<
    Model
  >;
}
