import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { ObjectiveSpec } from "../objective.ts";
import { discriminatorFields, gameProblems } from "./conditions.ts";

const schema = z.strictObject({
  name: z.literal("vae-gan"),
  gamma: z.number().min(0).default(1e-2).describe(
    "What the decoder's reconstruction of features counts beside the discriminator's verdict.",
  ),
  ...discriminatorFields,
}).describe(
  "A VAE whose reconstructions are judged in the features of a discriminator that is trained against it (Larsen et al., " +
    "2016).",
);

/** A VAE-GAN, as a spec says it. */
export type VaeGanSpec = z.output<typeof schema>;

/** Autoencoding beyond pixels: a VAE and a GAN that share the decoder. */
export const vaeGan = {
  schema,
  module: moduleUrl<typeof import("./vae_gan.ts")>(new URL("./vae_gan.ts", import.meta.url)),
  words: ({ gamma, gradientPenalty }) => `VAE-GAN, γ ${gamma}, R1 ${gradientPenalty}`,
  caveat:
    "No likelihood of values was trained, but one of the discriminator's features: these are bounds on that of the " +
    "decoder all the same.",
  problems: (spec, conditions) => gameProblems("A VAE-GAN", spec, conditions),
} satisfies ObjectiveSpec<VaeGanSpec>;
