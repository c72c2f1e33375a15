import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { freeBits } from "./free_bits.ts";
import type { KlScheduleSpec } from "./kl_schedule.ts";

const schema = z.strictObject({
  schedule: z.literal("constant"),
  weight: z.number().min(0).default(1),
  freeBits,
});

/** A constant weight, as a spec says it. */
export type ConstantKl = z.output<typeof schema>;

/** The same weight in every step: 1 is the ELBO, others are a beta-VAE (Higgins et al., 2017). */
export const constant = {
  schema,
  module: moduleUrl<typeof import("./constant.ts")>(new URL("./constant.ts", import.meta.url)),
  words: ({ weight }) => `constant, ${weight}`,
  problems: () => [],
  notices: () => [],
} satisfies KlScheduleSpec<ConstantKl>;
