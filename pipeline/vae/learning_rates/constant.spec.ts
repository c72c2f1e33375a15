import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { LearningRateBase, LearningRateSpec } from "./learning_rate.ts";
import { rate } from "./rate.ts";

/** The same rate in every step. */
export const constant = {
  schema: z.strictObject({ schedule: z.literal("constant"), rate }),
  module: moduleUrl<typeof import("./constant.ts")>(new URL("./constant.ts", import.meta.url)),
  words: ({ rate }) => String(rate),
  problems: () => [],
  notices: () => [],
} satisfies LearningRateSpec<LearningRateBase>;
