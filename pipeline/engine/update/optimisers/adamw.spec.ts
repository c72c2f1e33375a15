import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("adamw"),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-8),
}).describe("Adam with decoupled weight decay (Loshchilov and Hutter, 2019).");

export const adamw = {
  schema,
  module: moduleUrl<typeof import("./adamw.ts")>(new URL("./adamw.ts", import.meta.url)),
  words: ({ beta1, beta2 }) => `AdamW, β ${beta1} and ${beta2}`,
} satisfies OptimiserSpec<z.output<typeof schema>>;
