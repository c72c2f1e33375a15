import type { Entry } from "../graph/entrywise.ts";

/**
 * How weights follow their gradients: an optimiser as it stands in a textbook, for one weight. Back ends make loops
 * of it over all weights. `Slot` names what is kept for each weight from step to step, `Number` what changes from
 * step to step and is the same for all weights.
 *
 * @example
 * ```ts
 * import type { UpdateRule } from "reparam";
 *
 * // Gradient descent with momentum 0.9: m becomes 0.9 m + g, and the weight moves by -stepSize m.
 * export const rule: UpdateRule<"moment1", "stepSize"> = {
 *   name: "descent",
 *   slots: ["moment1"],
 *   highLearningRate: 1e-4,
 *   numbers: ({ learningRate }) => ({ stepSize: learningRate }),
 *   update(build, { value, gradient, slots: { moment1 }, numbers: { stepSize } }) {
 *     const moved = build.add(build.multiply(moment1, { number: 0.9 }), gradient);
 *     return { value: build.subtract(value, build.multiply(moved, stepSize)), slots: { moment1: moved } };
 *   },
 * };
 * ```
 */
export interface UpdateRule<Slot extends string = string, Number extends string = string> {
  /** What the optimiser is called in messages. */
  readonly name: string;
  /** What is kept for each weight beside its value: 0 at the start, saved under `SLOT/VARIABLE`. */
  readonly slots: readonly Slot[];
  /** A learning rate above this is the likely cause of a loss, summed over dimensions, that diverges. */
  readonly highLearningRate: number;
  /** Computed in doubles once a step, then rounded to float32. */
  numbers(now: StepNow): Readonly<Record<Number, number>>;
  /** What the weight and its slots become, as entries of `build`. */
  update(
    build: EntryArithmetic,
    entry: WeightEntry<Slot, Number>,
  ): { readonly value: Entry; readonly slots: Readonly<Record<Slot, Entry>> };
}

/**
 * Arithmetic on entries, as an update rule writes it down: each method gives the entry that it computes, a float32.
 *
 * @example
 * ```ts
 * import type { Entry, EntryArithmetic } from "reparam";
 *
 * // The sign of x, and 0 where x is all but 0.
 * export function sign(build: EntryArithmetic, x: Entry): Entry {
 *   return build.divide(x, build.maximum(build.absolute(x), { number: 1e-30 }));
 * }
 * ```
 */
export interface EntryArithmetic {
  /** a + b */
  add(a: Entry, b: Entry): Entry;
  /** a - b */
  subtract(a: Entry, b: Entry): Entry;
  /** a b */
  multiply(a: Entry, b: Entry): Entry;
  /** a / b */
  divide(a: Entry, b: Entry): Entry;
  /** The larger of both. */
  maximum(a: Entry, b: Entry): Entry;
  /** |x| */
  absolute(x: Entry): Entry;
  /** √x */
  squareRoot(x: Entry): Entry;
  /** 0 where |x| < smallest, else x; NaN stays. */
  flush(x: Entry, smallest: number): Entry;
}

/** What a rule is told of the step that it is to make. */
export interface StepNow {
  /** Counts from 1. */
  readonly step: number;
  /** The rate of this step. */
  readonly learningRate: number;
  /** The training's, at least 0. */
  readonly weightDecay: number;
}

/** One weight and what is known of it when it is updated. */
export interface WeightEntry<Slot extends string = string, Number extends string = string> {
  /** What it is now. */
  readonly value: Entry;
  /** The mean over the batch, clipped. */
  readonly gradient: Entry;
  /** What was kept of it. */
  readonly slots: Readonly<Record<Slot, Entry>>;
  /** What `numbers` gave for this step. */
  readonly numbers: Readonly<Record<Number, Entry>>;
  /** As in `StepNow`; known when the rule is written down. */
  readonly weightDecay: number;
}

/** How parameters are trained. */
export interface Optimiser {
  /** How a weight follows its gradient. */
  readonly rule: UpdateRule;
  /** At least 0. What it means is the rule's to say: a share of the weight in its gradient (L2), or apart from it. */
  readonly weightDecay: number;
  /** The gradient is scaled down to this Euclidean norm over all variables of a group, where it is larger. */
  readonly clipNorm?: number | undefined;
  /** Variables that minimise losses of their own, each in one group; default: all of them minimise `loss`. */
  readonly groups?: readonly VariableGroup[] | undefined;
}

/**
 * Variables that minimise a loss of their own while others minimise theirs, in the same step: the players of a game.
 * Their gradients are those of this loss alone, and are clipped by themselves.
 */
export interface VariableGroup {
  /** The scalar of a step that they minimise. */
  readonly loss: string;
  /** Their names. */
  readonly variables: readonly string[];
  /** How many times the step's learning rate theirs is; default: once. */
  readonly rate?: number;
}
