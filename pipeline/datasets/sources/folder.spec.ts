import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import type { SourceDefinition } from "./source.ts";

const schema = z.strictObject({
  type: z.literal("folder"),
  path: z.string().min(1).describe("A folder with the dataset's files, relative to the spec."),
}).describe("Files that are already on this machine.");

/** A folder source, as a spec says it. */
export type FolderSource = z.output<typeof schema>;

/** Files that are on this machine already. */
export const folder = {
  schema,
  module: moduleUrl<typeof import("./folder.ts")>(new URL("./folder.ts", import.meta.url)),
  permissions: ({ path }) => ({ read: [path] }),
  withAbsolutePaths: (source, absolute) => ({ ...source, path: absolute("path", source.path) }),
  problems: () => [],
} satisfies SourceDefinition<FolderSource>;
