import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { plural } from "../../base/words.ts";
import type { PriorSpec } from "./prior.ts";

const schema = z.strictObject({
  name: z.literal("vamp"),
  components: z.int().min(1).max(10_000).default(500).describe(
    "Pseudo-inputs that are learned: each step also encodes all of them.",
  ),
}).describe("A mixture of the posteriors of learned pseudo-inputs (Tomczak and Welling, 2018).");

/** A VampPrior, as a spec says it. */
export type VampSpec = z.output<typeof schema>;

/** A mixture of posteriors. */
export const vamp = {
  schema,
  module: moduleUrl<typeof import("./vamp.ts")>(new URL("./vamp.ts", import.meta.url)),
  standardNormal: false,
  words: ({ components }) => `VampPrior, ${plural(components, "component")}`,
} satisfies PriorSpec<VampSpec>;
