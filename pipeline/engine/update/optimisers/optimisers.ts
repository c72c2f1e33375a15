import type { z } from "zod";
import type { ModuleUrl } from "../../../base/module_url.ts";
import { adam } from "./adam.spec.ts";
import { adamw } from "./adamw.spec.ts";
import { sgd } from "./sgd.spec.ts";
import type { OptimiserVariant, RuleModule } from "./variant.ts";

/** The optimisers that a spec can name. */
// deno-lint-ignore no-explicit-any -- each has a schema of its own
export const OPTIMISERS = { sgd, adam, adamw } satisfies Record<string, OptimiserVariant<any>>;

export type OptimiserName = keyof typeof OPTIMISERS;

/** An optimiser and its settings, as a spec says them. */
export type OptimiserSettings = z.output<(typeof OPTIMISERS)[OptimiserName]["schema"]>;

/** The optimiser of these settings, for whoever takes any. */
export function optimiserVariant(settings: OptimiserSettings): {
  readonly module: ModuleUrl<RuleModule<OptimiserSettings>>;
  /** The optimiser and its settings in a report. */
  readonly description: string;
} {
  const variant: OptimiserVariant<z.ZodObject> = OPTIMISERS[settings.name];
  return { module: variant.module, description: variant.describe(settings) };
}
