import type { Entry } from "../../graph/entrywise.ts";
import { SMALLEST, SMALLEST_GRADIENT, SMALLEST_SQUARE } from "../decay.ts";
import type { EntryArithmetic } from "../rule.ts";

/** How fast the moments follow the gradients, and what keeps the second one from 0. */
export interface MomentSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** What is kept for each weight: running means of its gradient and of the gradient's square. */
export type MomentSlot = "moment1" | "moment2";
/** What changes from step to step. */
export type MomentNumber = "stepSize" | "epsilonHat";

/**
 * The numbers of one step, which hold both corrections of m / (1 - beta1^step) over sqrt(v / (1 - beta2^step)) +
 * epsilon: the weight moves by -stepSize m / (sqrt(v) + epsilonHat) (Kingma and Ba, 2015, section 2).
 */
export function momentNumbers(
  { beta1, beta2, epsilon }: MomentSettings,
  step: number,
  learningRate: number,
): Record<MomentNumber, number> {
  const root = Math.sqrt(1 - beta2 ** step);
  return { stepSize: learningRate * root / (1 - beta1 ** step), epsilonHat: epsilon * root };
}

/**
 * Moves the first moment m towards the gradient and the second one, v, towards its square (Kingma and Ba, 2015,
 * algorithm 1); the weight is to move by -`move`.
 */
export function moveByMoments(
  build: EntryArithmetic,
  { beta1, beta2 }: MomentSettings,
  { gradient, slots, numbers }: {
    readonly gradient: Entry;
    readonly slots: Readonly<Record<MomentSlot, Entry>>;
    readonly numbers: Readonly<Record<MomentNumber, Entry>>;
  },
): { readonly move: Entry; readonly slots: Readonly<Record<MomentSlot, Entry>> } {
  const towards = (from: Entry, to: Entry, share: number) =>
    build.add(from, build.multiply(build.subtract(to, from), { number: share }));
  const g = build.flush(gradient, SMALLEST_GRADIENT);
  const m = build.flush(towards(slots.moment1, g, 1 - beta1), SMALLEST);
  const v = towards(slots.moment2, build.multiply(g, g), 1 - beta2);
  return {
    move: build.divide(
      build.multiply(m, numbers.stepSize),
      build.add(build.squareRoot(v), numbers.epsilonHat),
    ),
    slots: { moment1: m, moment2: build.flush(v, SMALLEST_SQUARE) },
  };
}
