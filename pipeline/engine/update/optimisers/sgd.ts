import { decayedGradient, flushedWeight, SMALLEST } from "../decay.ts";
import type { UpdateRule } from "../rule.ts";
import type { SgdSpec } from "./sgd.spec.ts";

/** Stochastic gradient descent with momentum: m becomes momentum m + g, the weight moves by -learningRate m. */
export function updateRule({ momentum }: SgdSpec): UpdateRule<"moment1", "stepSize"> {
  return {
    name: "sgd",
    slots: ["moment1"],
    highLearningRate: 1e-4,
    numbers: ({ learningRate }) => ({ stepSize: learningRate }),
    update(build, entry) {
      const { value, slots: { moment1 }, numbers: { stepSize }, weightDecay } = entry;
      const gradient = decayedGradient(build, entry);
      const moved = build.flush(build.add(build.multiply(moment1, { number: momentum }), gradient), SMALLEST);
      const weight = build.subtract(value, build.multiply(moved, stepSize));
      return { value: flushedWeight(build, weight, weightDecay), slots: { moment1: moved } };
    },
  };
}
