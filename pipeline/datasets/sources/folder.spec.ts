import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { folderProblem } from "./folder_files.ts";
import { reportedPath } from "./reported_path.ts";
import type { SourceDefinition } from "./source.ts";

const schema = z.strictObject({
  type: z.literal("folder"),
  path: z.string().min(1).describe("A folder with the dataset's files, relative to the spec."),
}).describe("Files that are already on this machine.");

export interface FolderSource extends z.output<typeof schema> {
  /** The path as a report keeps it; known when the spec is loaded. */
  readonly reportedPath?: string;
}

export const folder = {
  schema,
  module: moduleUrl<typeof import("./folder.ts")>(new URL("./folder.ts", import.meta.url)),
  permissions: ({ path }) => ({ read: [path] }),
  withAbsolutePaths(source, absolute, specFolder) {
    const path = absolute("path", source.path);
    return { ...source, path, reportedPath: reportedPath(specFolder, path) };
  },
  reported: ({ type, path, reportedPath = path }) => ({ type, path: reportedPath }),
  problem: ({ path }, dataset, digests) => folderProblem(path, dataset, digests),
  problems: () => [],
} satisfies SourceDefinition<FolderSource>;
