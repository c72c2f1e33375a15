import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("sgd"),
  momentum: z.number().min(0).lt(1).default(0),
});

/** The settings of Stochastic gradient descent with momentum in a spec. */
export type SgdSpec = z.output<typeof schema>;

/** Stochastic gradient descent with momentum. */
export const sgd = {
  schema,
  module: moduleUrl<typeof import("./sgd.ts")>(new URL("./sgd.ts", import.meta.url)),
  words: ({ momentum }) => `SGD, momentum ${momentum}`,
} satisfies OptimiserSpec<SgdSpec>;
