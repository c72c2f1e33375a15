import { z } from "zod";

/** A learning rate. */
export const positiveRate = z.number().positive();

/** The key that all learning-rate schedules have in common. */
export const rate = positiveRate.default(1e-3);
