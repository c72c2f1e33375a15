import { z } from "zod";

/** A learning rate. */
export const positiveRate = z.number().positive();

/**
 * The key that all learning-rate schedules have in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rate } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ schedule: z.literal("halving"), rate });
 * assert.equal(schema.parse({ schedule: "halving" }).rate, 1e-3);
 * ```
 */
export const rate: z.ZodDefault<z.ZodNumber> = positiveRate.default(1e-3);
