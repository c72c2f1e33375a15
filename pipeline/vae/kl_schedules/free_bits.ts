import { z } from "zod";

/**
 * The key that all KL schedules have in common.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { freeBits } from "reparam";
 * import { z } from "zod";
 *
 * const schema = z.strictObject({ schedule: z.literal("delayed"), at: z.number(), freeBits });
 * assert.equal(schema.parse({ schedule: "delayed", at: 3 }).freeBits, 0);
 * ```
 */
export const freeBits: z.ZodDefault<z.ZodNumber> = z.number().min(0).default(0).describe(
  "Nats per latent dimension below which the KL term is not penalised (Kingma et al., 2016).",
);
