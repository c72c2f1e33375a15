import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import type { OptimiserSpec } from "./optimiser.ts";

const schema = z.strictObject({
  name: z.literal("sgd"),
  momentum: z.number().min(0).lt(1).default(0),
});

/** Gradient descent with momentum. */
export const sgd = {
  schema,
  module: moduleUrl<typeof import("./sgd.ts")>(new URL("./sgd.ts", import.meta.url)),
  words: ({ momentum }) => `SGD, momentum ${momentum}`,
} satisfies OptimiserSpec<z.output<typeof schema>>;
