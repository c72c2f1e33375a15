import { z } from "zod";
import { freeBits } from "./free_bits.ts";
import type { KlScheduleBase, KlScheduleSpec } from "./kl_schedule.ts";

const nonNegative = () => z.number().min(0);

/** Keys of the schedules that go from one weight to another. */
export const rampFields = {
  startWeight: nonNegative().default(0),
  endWeight: nonNegative().default(1),
  start: nonNegative().default(0).describe("When the ramp begins, in the schedule's unit."),
  end: nonNegative().describe("When the ramp ends, in the schedule's unit."),
  unit: z.enum(["epoch", "step"]).default("epoch"),
  freeBits,
};

/** A schedule that goes from one weight to another, as a spec says it. */
export interface Ramp extends KlScheduleBase {
  readonly startWeight: number;
  readonly endWeight: number;
  readonly start: number;
  readonly end: number;
  readonly unit: "epoch" | "step";
}

/** The spec part of a ramp, whatever its shape. */
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
