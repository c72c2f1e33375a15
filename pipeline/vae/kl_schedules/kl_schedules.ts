import { constant } from "./constant.spec.ts";
import { cosine } from "./cosine.spec.ts";
import { cyclical } from "./cyclical.spec.ts";
import type { KlScheduleBase, KlScheduleSpec } from "./kl_schedule.ts";
import { linear } from "./linear.spec.ts";
import { sigmoid } from "./sigmoid.spec.ts";

/** The schedules that a spec can name as `kl.schedule`. */
export const KL_SCHEDULES = {
  constant,
  linear,
  sigmoid,
  cosine,
  cyclical,
} satisfies Record<string, KlScheduleSpec>;

/** The variant that a spec names. */
export function klScheduleOf({ schedule }: KlScheduleBase): KlScheduleSpec {
  const byName: Readonly<Record<string, KlScheduleSpec>> = KL_SCHEDULES;
  return byName[schedule]!;
}
