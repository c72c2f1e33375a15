import { z } from "zod";

/** What a spec says of an optimiser with two moments, whatever it does beside: `MomentSettings`. */
export const momentFields = {
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
};
