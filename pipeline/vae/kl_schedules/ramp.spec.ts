import { z } from "zod";
import { freeBits } from "./free_bits.ts";
import type { KlScheduleBase, KlScheduleSpec } from "./kl_schedule.ts";

const nonNegative = () => z.number().min(0);

/**
 * Keys of the schedules that go from one weight to another.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rampFields } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ schedule: z.literal("square"), ...rampFields });
 * assert.equal(schema.parse({ schedule: "square", end: 5 }).endWeight, 1);
 * ```
 */
export const rampFields = {
  startWeight: nonNegative().default(0),
  endWeight: nonNegative().default(1),
  start: nonNegative().default(0).describe("When the ramp begins, in the schedule's unit."),
  end: nonNegative().describe("When the ramp ends, in the schedule's unit."),
  unit: z.enum(["epoch", "step"]).default("epoch"),
  freeBits,
};

/** A schedule that goes from one weight to another. */
export interface Ramp extends KlScheduleBase {
  /** Before the ramp. */
  readonly startWeight: number;
  /** After it. */
  readonly endWeight: number;
  /** When it begins, in its unit. */
  readonly start: number;
  /** When it ends, in its unit; at least `start`. */
  readonly end: number;
  /** What its moments count; both from 0. */
  readonly unit: "epoch" | "step";
}

/**
 * What is said of a ramp, whatever its shape.
 *
 * @example
 * ```ts
 * import { type KlScheduleModule, type KlScheduleSpec, moduleUrl } from "reparam";
 * import { type Ramp, rampFields, rampParts } from "reparam";
 * import { z } from "zod";
 *
 * export const square = {
 *   schema: z.strictObject({ schedule: z.literal("square"), ...rampFields }),
 *   module: moduleUrl<KlScheduleModule<Ramp>>(new URL("./square.ts", import.meta.url)),
 *   ...rampParts,
 * } satisfies KlScheduleSpec<Ramp>;
 * ```
 */
export const rampParts = {
  words: ({ schedule, startWeight, endWeight, unit, start, end }) =>
    `${schedule} from ${startWeight} to ${endWeight}, ${unit}s ${start} to ${end}`,
  problems({ unit, start, end }) {
    if (end >= start) return [];
    return [{
      path: ["kl", "end"],
      message: `The KL schedule ends before it starts: it starts at ${unit} ${start} and ends at ${end}`,
      notes: [`Allowed: an end of at least ${start}.`],
    }];
  },
  notices({ unit, end }, { epochs, steps }) {
    const length = unit === "epoch" ? epochs : steps;
    if (end <= length) return [];
    return [
      `The KL weight is still on its way when the training ends: kl.end is ${unit} ${end}, ` +
      `the training has ${length}.`,
    ];
  },
} satisfies Pick<KlScheduleSpec<Ramp>, "words" | "problems" | "notices">;
