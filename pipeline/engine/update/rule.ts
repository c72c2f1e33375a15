import type { Entry } from "../graph/entrywise.ts";
import type { EntrywiseBuilder } from "./builder.ts";

/**
 * How weights follow their gradients: an optimiser as it stands in a textbook, for one weight. Back ends make loops
 * of it over all weights. `Slot` names what is kept for each weight from step to step, `Number` what changes from
 * step to step and is the same for all weights.
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
    build: EntrywiseBuilder,
    entry: WeightEntry<Slot, Number>,
  ): { readonly value: Entry; readonly slots: Readonly<Record<Slot, Entry>> };
}

/** The step that is to be taken. */
export interface StepNow {
  /** Counts from 1. */
  readonly step: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** One weight and what is known of it when it is updated. */
export interface WeightEntry<Slot extends string = string, Number extends string = string> {
  readonly value: Entry;
  /** The mean over the batch, clipped. */
  readonly gradient: Entry;
  readonly slots: Readonly<Record<Slot, Entry>>;
  readonly numbers: Readonly<Record<Number, Entry>>;
  readonly weightDecay: number;
}

/** How parameters are trained. */
export interface Optimiser {
  readonly rule: UpdateRule;
  /** At least 0. What it means is the rule's to say: a share of the weight in its gradient (L2), or apart from it. */
  readonly weightDecay: number;
  /** The gradient is scaled down to this Euclidean norm over all variables, where it is larger. */
  readonly clipNorm?: number | undefined;
}
