import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LearningRateSpec } from "./learning_rate.ts";
import { positiveRate, rate } from "./rate.ts";

const schema = z.strictObject({
  schedule: z.literal("piecewise"),
  rate,
  changes: z.array(z.strictObject({ epoch: z.int().min(1), rate: positiveRate })).min(1).describe(
    "From the start of each epoch (counted from 1) on, the new rate.",
  ),
});

/** A piecewise schedule, as a spec says it. */
export type PiecewiseRate = z.output<typeof schema>;

/** A rate that changes at the start of given epochs. */
export const piecewise = {
  schema,
  module: moduleUrl<typeof import("./piecewise.ts")>(new URL("./piecewise.ts", import.meta.url)),
  words: ({ rate, changes }) =>
    [rate, ...changes.map((change) => `${change.rate} from epoch ${change.epoch}`)].join(", "),
  problems({ changes }) {
    const late = changes.findIndex((change, i) => i > 0 && change.epoch <= changes[i - 1]!.epoch);
    if (late < 0) return [];
    return [{
      path: ["training", "learningRate", "changes", late, "epoch"],
      message:
        `The learning rate's changes are out of order: epoch ${changes[late]!.epoch} comes after epoch ` +
        `${changes[late - 1]!.epoch}`,
      notes: ["Allowed: each epoch once, in rising order."],
    }];
  },
  notices({ changes }, epochs) {
    const unused = changes.find((change) => change.epoch > epochs);
    if (!unused) return [];
    return [
      `The learning rate's change at epoch ${unused.epoch} is never reached: ` +
      `the training has ${epochs} epochs.`,
    ];
  },
} satisfies LearningRateSpec<PiecewiseRate>;
