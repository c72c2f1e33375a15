import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { ObjectiveSpec } from "../objective.ts";
import { discriminatorFields, gameProblems } from "./conditions.ts";

const schema = z.strictObject({
  name: z.literal("gan"),
  ...discriminatorFields,
}).describe(
  "A generative adversarial network (Goodfellow et al., 2014) of the decoder and a discriminator. The encoder learns " +
    "beside it to tell z of what is generated; the decoder hears nothing of it.",
);

/** A GAN, as a spec says it. */
export type GanSpec = z.output<typeof schema>;

/** A GAN with the same decoder. */
export const gan = {
  schema,
  module: moduleUrl<typeof import("./gan.ts")>(new URL("./gan.ts", import.meta.url)),
  words: ({ gradientPenalty }) => `GAN, R1 ${gradientPenalty}; its encoder tells z of what is generated`,
  trains: "generative adversarial network",
  caveat:
    "No likelihood was trained: these are bounds on that of the generator's decoder, by an encoder that learnt from " +
    "generated examples alone.",
  problems: (spec, conditions) => gameProblems("A GAN", spec, conditions),
} satisfies ObjectiveSpec<GanSpec>;
