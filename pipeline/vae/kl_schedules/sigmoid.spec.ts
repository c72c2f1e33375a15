import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { KlScheduleSpec } from "./kl_schedule.ts";
import { type Ramp, rampFields, rampParts } from "./ramp.spec.ts";

/** A rise along a logistic curve (Bowman et al., 2016). */
export const sigmoid = {
  schema: z.strictObject({ schedule: z.literal("sigmoid"), ...rampFields }),
  module: moduleUrl<typeof import("./sigmoid.ts")>(new URL("./sigmoid.ts", import.meta.url)),
  ...rampParts,
} satisfies KlScheduleSpec<Ramp>;
