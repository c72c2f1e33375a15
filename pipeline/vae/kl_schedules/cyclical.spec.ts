import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { plural } from "../../base/words.ts";
import type { KlScheduleSpec } from "./kl_schedule.ts";
import { rampFields, rampParts } from "./ramp.spec.ts";

const schema = z.strictObject({
  schedule: z.literal("cyclical"),
  ...rampFields,
  cycles: z.int().min(1).default(4),
  rampFraction: z.number().gt(0).max(1).default(0.5).describe(
    "Share of each cycle spent rising; the rest holds the end weight (Fu et al., 2019).",
  ),
});

/** A cyclical schedule, as a spec says it. */
export type CyclicalKl = z.output<typeof schema>;

/** Several linear rises, one after the other (Fu et al., 2019). */
export const cyclical = {
  schema,
  module: moduleUrl<typeof import("./cyclical.ts")>(new URL("./cyclical.ts", import.meta.url)),
  ...rampParts,
  words: (spec) => `${rampParts.words(spec)}, ${plural(spec.cycles, "cycle")}`,
} satisfies KlScheduleSpec<CyclicalKl>;
