import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { Problem } from "../../base/problem.ts";
import { plural } from "../../base/words.ts";
import type { LearningRateSpec } from "./learning_rate.ts";
import { rate } from "./rate.ts";

const schema = z.strictObject({
  schedule: z.literal("cosine"),
  rate,
  endRate: z.number().min(0).default(0),
  warmupEpochs: z.number().min(0).default(0),
});

/** A cosine schedule, as a spec says it. */
export type CosineRate = z.output<typeof schema>;

const PATH = ["training", "learningRate"];

/** A fall along half a cosine after a warm-up (Loshchilov and Hutter, 2017). */
export const cosine = {
  schema,
  module: moduleUrl<typeof import("./cosine.ts")>(new URL("./cosine.ts", import.meta.url)),
  words({ rate, endRate, warmupEpochs }) {
    const warmup = warmupEpochs > 0 ? `, ${plural(warmupEpochs, "epoch")} of warm-up` : "";
    return `cosine from ${rate} to ${endRate}${warmup}`;
  },
  problems({ rate, endRate, warmupEpochs }, epochs) {
    const problems: Problem[] = [];
    if (warmupEpochs >= epochs) {
      problems.push({
        path: [...PATH, "warmupEpochs"],
        message: `The learning rate warms up for ${warmupEpochs} epochs: the training has ${epochs}`,
        notes: [`Allowed: less than ${epochs}.`],
      });
    }
    if (endRate > rate) {
      problems.push({
        path: [...PATH, "endRate"],
        message: `The learning rate would rise from ${rate} to endRate, ${endRate}: a cosine schedule falls`,
        notes: [`Allowed: 0 to ${rate}.`],
      });
    }
    return problems;
  },
  notices: () => [],
} satisfies LearningRateSpec<CosineRate>;
