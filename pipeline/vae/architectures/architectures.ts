import type { ArchitectureSpec, ModelBase } from "./architecture.ts";
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
