import { z } from "zod";

/** A rate that something is learnt at. */
export const positiveRate = z.number().positive();

/** The key that all learning-rate schedules have in common. */
export const rate: z.ZodDefault<z.ZodNumber> = positiveRate.default(1e-3);
