import { decayedGradient, flushedWeight } from "../decay.ts";
import type { UpdateRule } from "../rule.ts";
import type { AdamSpec } from "./adam.spec.ts";
import { type MomentNumber, momentNumbers, type MomentSlot, moveByMoments } from "./moments.ts";

/** Adam (Kingma and Ba, 2015); weight decay is added to the gradient (L2). */
export function updateRule(settings: AdamSpec): UpdateRule<MomentSlot, MomentNumber> {
  return {
    name: "adam",
    slots: ["moment1", "moment2"],
    highLearningRate: 5e-3,
    numbers: ({ step, learningRate }) => momentNumbers(settings, step, learningRate),
    update(build, entry) {
      const gradient = decayedGradient(build, entry);
      const { move, slots } = moveByMoments(build, settings, { ...entry, gradient });
      const weight = build.subtract(entry.value, move);
      return { value: flushedWeight(build, weight, entry.weightDecay), slots };
    },
  };
}
