import { flushedWeight } from "../decay.ts";
import type { UpdateRule } from "../rule.ts";
import type { AdamWSpec } from "./adamw.spec.ts";
import { type MomentNumber, momentNumbers, type MomentSlot, moveByMoments } from "./moments.ts";

/** Adam whose weight decay is kept apart from the gradient and its moments (Loshchilov and Hutter, 2019). */
export function updateRule(settings: AdamWSpec): UpdateRule<MomentSlot, MomentNumber | "decayFactor"> {
  return {
    name: "adamw",
    slots: ["moment1", "moment2"],
    highLearningRate: 5e-3,
    numbers: ({ step, learningRate, weightDecay }) => ({
      ...momentNumbers(settings, step, learningRate),
      decayFactor: 1 - learningRate * weightDecay,
    }),
    update(build, entry) {
      const { value, numbers, weightDecay } = entry;
      const { move, slots } = moveByMoments(build, settings, entry);
      const weight = build.subtract(build.multiply(value, numbers.decayFactor), move);
      return { value: flushedWeight(build, weight, weightDecay), slots };
    },
  };
}
