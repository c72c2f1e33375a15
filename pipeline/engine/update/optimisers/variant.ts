import type { z } from "zod";
import type { ModuleUrl } from "../../../base/module_url.ts";
import type { UpdateRule } from "../rule.ts";

/** What an optimiser's code exports. */
export interface RuleModule<Settings> {
  rule(settings: Settings): UpdateRule;
}

/** All that is particular to an optimiser but its code, which is loaded where it trains. */
export interface OptimiserVariant<Schema extends z.ZodObject> {
  /** Its part of a spec; `name` tells it from others. */
  readonly schema: Schema;
  /** The optimiser and its settings in a report. */
  describe(settings: z.output<Schema>): string;
  readonly module: ModuleUrl<RuleModule<z.output<Schema>>>;
}

/** Holds an optimiser's parts to its schema. */
export function defineOptimiser<Schema extends z.ZodObject>(
  variant: OptimiserVariant<Schema>,
): OptimiserVariant<Schema> {
  return variant;
}
