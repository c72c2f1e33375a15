import type { Op } from "./operations.ts";
import type { Attributes } from "./value.ts";

/**
 * Elementwise operations in one pass over tensors: entries at the same place of all operands make one entry of each
 * result, and nothing between is stored. Every number is a float32, rounded after each step.
 */

/** A number of the pass: an operand's entry, what an earlier step gave, or a constant. */
export type Entry = { readonly operand: number } | { readonly step: number } | { readonly number: number };

/** `Flush` of x and a bound is x, or 0 where |x| is below the bound; NaN stays. */
export interface EntryStep {
  readonly op: Op | "Flush";
  readonly entries: readonly Entry[];
  readonly attributes: Attributes;
}
