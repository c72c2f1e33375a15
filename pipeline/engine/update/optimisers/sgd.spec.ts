import { z } from "zod";
import { moduleUrl } from "../../../base/module_url.ts";
import { defineOptimiser } from "./variant.ts";

export const sgd = defineOptimiser({
  schema: z.strictObject({ name: z.literal("sgd"), momentum: z.number().min(0).lt(1).default(0) }),
  describe: ({ momentum }) => `SGD, momentum ${momentum}`,
  module: moduleUrl<typeof import("./sgd.ts")>(new URL("./sgd.ts", import.meta.url)),
});
