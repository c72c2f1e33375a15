import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { ObjectiveSpec } from "./objective.ts";

const schema = z.strictObject({ name: z.literal("elbo") }).describe(
  "The evidence lower bound (Kingma and Welling, 2014); with a constant KL weight other than 1, a beta-VAE.",
);

/** The evidence lower bound, whose KL term `kl` weights and spares. */
export const elbo = {
  schema,
  module: moduleUrl<typeof import("./elbo.ts")>(new URL("./elbo.ts", import.meta.url)),
  words: () => "ELBO",
  problems: () => [],
} satisfies ObjectiveSpec<z.output<typeof schema>>;
