import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import { momentFields } from "./moment_fields.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("adamw"),
  ...momentFields,
}).describe("Adam with decoupled weight decay (Loshchilov and Hutter, 2019).");

/** The settings of AdamW in a spec. */
export type AdamWSpec = z.output<typeof schema>;

/** AdamW (Loshchilov and Hutter, 2019). */
export const adamw = {
  schema,
  module: moduleUrl<typeof import("./adamw.ts")>(new URL("./adamw.ts", import.meta.url)),
  words: ({ beta1, beta2 }) => `AdamW, β ${beta1} and ${beta2}`,
} satisfies OptimiserSpec<AdamWSpec>;
