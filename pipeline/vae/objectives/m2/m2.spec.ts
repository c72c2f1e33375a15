import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import { plural } from "../../../base/words.ts";
import type { ObjectiveSpec } from "../objective.ts";

const schema = z.strictObject({
  name: z.literal("m2"),
  labelsPerClass: z.int().min(1).describe("Training examples of each class whose label is told."),
  draw: z.int().min(0).default(0).describe("Which examples these are: each number is another draw."),
  alpha: z.number().min(0).default(0.1).describe(
    "Nats that a nat of the labelled examples' cross entropy counts beside an example's bound.",
  ),
}).describe(
  "Semi-supervised learning by a conditional model, M2 of Kingma et al. (2014): a classifier takes the place of the " +
    "labels that are not told. A step decodes as many times the batch as there are classes.",
);

/** M2, as a spec says it. */
export type M2Spec = z.output<typeof schema>;

/** A conditional model that sees few labels. */
export const m2 = {
  schema,
  module: moduleUrl<typeof import("./m2.ts")>(new URL("./m2.ts", import.meta.url)),
  words: ({ labelsPerClass, alpha }) =>
    `M2, ${plural(labelsPerClass, "label")} a class, cross entropy × ${alpha}`,
  caveat: "The losses are of p(x|y), with the classes told. Training was told those of few examples.",
  problems(_, { conditional, freeBits, stopsEarly }) {
    const refuse = (path: string[], message: string, next: string) => [{
      path,
      message,
      notes: [`Next: ${next}`],
    }];
    return [
      ...(conditional ? [] : refuse(
        ["objective"],
        "M2 trains q(z|x, y) and p(x|z, y), and this model is told no class",
        'say "conditional": true in model.',
      )),
      ...(freeBits === 0 ? [] : refuse(
        ["kl", "freeBits"],
        "In M2 the class has a KL of its own, which no free bits should spare",
        "leave kl.freeBits out.",
      )),
      ...(stopsEarly
        ? refuse(
          ["training", "earlyStopping"],
          "M2 is not to see the labels of the validation part, by which its loss would be measured",
          "leave training.earlyStopping out.",
        )
        : []),
    ];
  },
} satisfies ObjectiveSpec<M2Spec>;
