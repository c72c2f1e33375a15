import type { Value } from "../graph/value.ts";

/** What a back end's loops can do, as far as it decides which operations become one. */
export interface FusionRules {
  /** Whether a loop can compute the value's entries. */
  isElementwise(value: Value): boolean;
  /** Whether the value is never stored: each loop that reads it computes its entries anew. */
  isInlined(value: Value): boolean;
  /** Whether other operators compute inlined operands too; else these are stored for them. */
  readonly callsInline: boolean;
  /** Whether nobody can read the value before its loop's end, as a sum. */
  isOutcome(value: Value): boolean;
  /** Whether the value is made of its operand's entries in another order. */
  isReordered(value: Value): boolean;
  /** The operands whose entries are read: others say only how. */
  operandsRead(value: Value): readonly Value[];
  /** Whether these can be one loop. @param tensors how many it would read */
  fits(members: readonly Value[], tensors: number): boolean;
}
