import type { z } from "zod";
import type { ModuleUrl } from "../../../base/module_url.ts";
import type { UpdateRule } from "../rule.ts";

/** What every optimiser's spec says. */
export interface OptimiserBase {
  readonly name: string;
}

/** The code of an optimiser: what a stage loads. */
export interface OptimiserModule<Spec extends OptimiserBase = OptimiserBase> {
  updateRule(spec: Spec): UpdateRule;
}

/** The spec part of an optimiser. */
export interface OptimiserSpec<Spec extends OptimiserBase = OptimiserBase> {
  /** Has `name` as a literal. */
  readonly schema: z.ZodObject & z.ZodType<Spec>;
  readonly module: ModuleUrl<OptimiserModule<Spec>>;
  /** The optimiser and its settings in a few words: "SGD, momentum 0.9". */
  words(spec: Spec): string;
}
