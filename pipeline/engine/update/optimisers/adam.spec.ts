import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import { momentFields } from "./moment_fields.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("adam"),
  ...momentFields,
}).describe("Adam; weight decay is added to the gradient (L2).");

/** The settings of Adam in a spec. */
export type AdamSpec = z.output<typeof schema>;

/** Adam (Kingma and Ba, 2015). */
export const adam = {
  schema,
  module: moduleUrl<typeof import("./adam.ts")>(new URL("./adam.ts", import.meta.url)),
  words: ({ beta1, beta2 }) => `Adam, β ${beta1} and ${beta2}`,
} satisfies OptimiserSpec<AdamSpec>;
