import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { PriorSpec } from "./prior.ts";

const schema = z.strictObject({ name: z.literal("standard-normal") });

/** A normal distribution of mean 0 and variance 1 in each dimension: the prior of a model that names none. */
export const standardNormal = {
  schema,
  module: moduleUrl<typeof import("./standard_normal.ts")>(new URL("./standard_normal.ts", import.meta.url)),
  standardNormal: true,
  words: () => "N(0, I)",
} satisfies PriorSpec<z.output<typeof schema>>;
