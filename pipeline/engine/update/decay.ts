import type { Entry } from "../graph/entrywise.ts";
import type { EntryArithmetic, WeightEntry } from "./rule.ts";

/**
 * Numbers this small become 0. A weight that no example reaches decays until it, its moments and their products are
 * denormal, and then the processor takes a hundred times as long for each: after some thousand steps on music,
 * whose rolls are mostly silent, the update took longer than everything else. No product of two numbers above these
 * bounds that an update forms is denormal. NaN stays.
 */
export const SMALLEST = 1e-30, SMALLEST_GRADIENT = 1e-17, SMALLEST_SQUARE = 1e-34;

/**
 * The gradient of the loss plus weightDecay / 2 times the squared weights (L2).
 *
 * @example
 * ```ts
 * import { decayedGradient, type EntryArithmetic, flushedWeight, type WeightEntry } from "reparam";
 *
 * // A step of plain gradient descent with L2.
 * export function descend(build: EntryArithmetic, entry: WeightEntry<never, "stepSize">) {
 *   const move = build.multiply(decayedGradient(build, entry), entry.numbers.stepSize);
 *   return flushedWeight(build, build.subtract(entry.value, move), entry.weightDecay);
 * }
 * ```
 */
export function decayedGradient(
  build: EntryArithmetic,
  { value, gradient, weightDecay }: WeightEntry,
): Entry {
  return weightDecay > 0 ? build.add(gradient, build.multiply(value, { number: weightDecay })) : gradient;
}

/** The weight, flushed where it may have decayed. */
export function flushedWeight(build: EntryArithmetic, weight: Entry, weightDecay: number): Entry {
  return weightDecay > 0 ? build.flush(weight, SMALLEST) : weight;
}
