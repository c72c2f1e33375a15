import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { KlScheduleSpec } from "./kl_schedule.ts";
import { type Ramp, rampFields, rampParts } from "./ramp.spec.ts";

/** A linear rise (Bowman et al., 2016). */
export const linear = {
  schema: z.strictObject({ schedule: z.literal("linear"), ...rampFields }),
  module: moduleUrl<typeof import("./linear.ts")>(new URL("./linear.ts", import.meta.url)),
  ...rampParts,
} satisfies KlScheduleSpec<Ramp>;
