import type { Entry, EntryStep } from "../graph/entrywise.ts";
import { EntrywiseBuilder } from "./builder.ts";
import type { Optimiser } from "./rule.ts";

/**
 * The update of a tensor of weights as an entrywise computation, for a back end to make a loop of. Every number is
 * read once, because an update is bound by the memory's speed.
 *
 * Its operands are, in this order, the tensors of `sections`, as many gradients as asked for, and one number each of
 * `numbers`; its results are the new entries of `sections`.
 */
export interface UpdateKernel {
  readonly sections: readonly string[];
  readonly numbers: readonly string[];
  readonly steps: readonly EntryStep[];
  readonly results: readonly Entry[];
}

/** The section of parameters that holds the weights themselves. */
export const VALUES = "values";

/** What is kept of each variable: its values, and the optimiser's slots. */
export function sectionsOf(optimiser: Optimiser | undefined): readonly string[] {
  return [VALUES, ...optimiser?.rule.slots ?? []];
}

/**
 * The numbers of one step, the same for all weights. Rounded to float32 they are operands of the update.
 *
 * @param step counts from 1
 * @param parts equal parts of the batch, whose gradients are added up
 * @param squares the sum of the squares of the added gradients; it matters where they are clipped
 */
export function updateNumbers(
  { rule, weightDecay, clipNorm }: Optimiser,
  { step, learningRate, parts, squares }: {
    readonly step: number;
    readonly learningRate: number;
    readonly parts: number;
    readonly squares: number;
  },
): Readonly<Record<string, number>> {
  const norm = Math.sqrt(squares) / parts;
  const gradientScale = clipNorm !== undefined && norm > clipNorm ? clipNorm / norm / parts : 1 / parts;
  return { gradientScale, ...rule.numbers({ step, learningRate, weightDecay }) };
}

/** Names of the numbers of a step, in the order in which they are operands of the update. */
export function numberNames(optimiser: Optimiser): readonly string[] {
  return Object.keys(updateNumbers(optimiser, { step: 1, learningRate: 1, parts: 1, squares: 0 }));
}

/**
 * The update by an optimiser.
 *
 * @param gradients how many tensors, one of each part of the batch, are the gradient's sum; of none it is 0
 */
export function updateKernel(optimiser: Optimiser, gradients: number): UpdateKernel {
  const { rule, weightDecay } = optimiser;
  const build = new EntrywiseBuilder();
  const sections = sectionsOf(optimiser);
  const numbers = numberNames(optimiser);
  const named = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, build.operand()] as const));
  const { [VALUES]: value, ...slots } = named(sections);
  const tensors = Array.from({ length: gradients }, () => build.operand());
  const now = named(numbers);
  const gradient = tensors.length === 0
    ? { number: 0 }
    : build.multiply(tensors.reduce((a, b) => build.add(a, b)), now.gradientScale!);
  const updated = rule.update(build, { value: value!, gradient, slots, numbers: now, weightDecay });
  return {
    sections,
    numbers,
    steps: build.steps,
    results: [updated.value, ...rule.slots.map((slot) => updated.slots[slot]!)],
  };
}
