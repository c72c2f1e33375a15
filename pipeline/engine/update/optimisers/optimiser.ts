import type { z } from "zod";
import type { ModuleUrl } from "../../../base/module_url.ts";
import type { UpdateRule } from "../rule.ts";

/** What every optimiser's spec says. */
export interface OptimiserBase {
  /** The name of its variant. */
  readonly name: string;
}

/** The code of an optimiser: what a stage loads. */
export interface OptimiserModule<Spec extends OptimiserBase = OptimiserBase> {
  /** The rule with these settings. */
  updateRule(spec: Spec): UpdateRule;
}

/**
 * The spec part of an optimiser.
 *
 * @example
 * ```ts
 * import { moduleUrl, type OptimiserModule, type OptimiserSpec } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ name: z.literal("lion"), beta1: z.number().min(0).lt(1).default(0.9) });
 * type LionSpec = z.output<typeof schema>;
 *
 * export const lion = {
 *   schema,
 *   module: moduleUrl<OptimiserModule<LionSpec>>(new URL("./lion.ts", import.meta.url)),
 *   words: ({ beta1 }) => `Lion, β ${beta1}`,
 * } satisfies OptimiserSpec<LionSpec>;
 * ```
 */
export interface OptimiserSpec<Spec extends OptimiserBase = OptimiserBase> {
  /** Has `name` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  /** Where its code stands. */
  readonly module: ModuleUrl<OptimiserModule<Spec>>;
  /** The optimiser and its settings in a few words: "SGD, momentum 0.9". */
  words(spec: Spec): string;
}
