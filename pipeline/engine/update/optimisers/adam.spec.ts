import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("adam"),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
}).describe("Adam; weight decay is added to the gradient (L2).");

export const adam = {
  schema,
  module: moduleUrl<typeof import("./adam.ts")>(new URL("./adam.ts", import.meta.url)),
  words: ({ beta1, beta2 }) => `Adam, β ${beta1} and ${beta2}`,
} satisfies OptimiserSpec<z.output<typeof schema>>;
