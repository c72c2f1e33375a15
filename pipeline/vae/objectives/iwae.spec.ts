import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { plural } from "../../base/words.ts";
import type { ObjectiveSpec } from "./objective.ts";

const schema = z.strictObject({
  name: z.literal("iwae"),
  samples: z.int().min(1).max(1000).default(5).describe(
    "Codes for each example: a step decodes as many times the batch.",
  ),
}).describe("The importance-weighted bound (Burda et al., 2016), tighter than the ELBO.");

/** An importance-weighted autoencoder, as a spec says it. */
export type IwaeSpec = z.output<typeof schema>;

/** The importance-weighted bound on log p(x). */
export const iwae = {
  schema,
  module: moduleUrl<typeof import("./iwae.ts")>(new URL("./iwae.ts", import.meta.url)),
  words: ({ samples }) => `importance-weighted bound, ${plural(samples, "sample")}`,
  problems: (_, { freeBits }) =>
    freeBits === 0 ? [] : [{
      path: ["kl", "freeBits"],
      message: "The importance-weighted bound has no KL term of its own that free bits could spare",
      notes: ["Next: leave kl.freeBits out, or take the objective elbo."],
    }],
} satisfies ObjectiveSpec<IwaeSpec>;
