import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { KlScheduleSpec } from "./kl_schedule.ts";
import { type Ramp, rampFields, rampParts } from "./ramp.spec.ts";

/** A rise along half a cosine. */
export const cosine = {
  schema: z.strictObject({ schedule: z.literal("cosine"), ...rampFields }),
  module: moduleUrl<typeof import("./cosine.ts")>(new URL("./cosine.ts", import.meta.url)),
  ...rampParts,
} satisfies KlScheduleSpec<Ramp>;
