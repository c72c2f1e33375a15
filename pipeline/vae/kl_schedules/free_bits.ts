import { z } from "zod";

/** The key that all KL schedules have in common. */
export const freeBits: z.ZodDefault<z.ZodNumber> = z.number().min(0).default(0).describe(
  "Nats per latent dimension below which the KL term is not penalised (Kingma et al., 2016).",
);
