import { z } from "zod";
import { moduleUrl } from "../../base/module_url.ts";
import { folderProblem } from "./folder_files.ts";
import { reportedPath } from "./reported_path.ts";
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
  inReport: (source, folder) => ({ ...source, path: reportedPath(folder, source.path) }),
  elsewhere: ({ path }) => ({
    place: `the folder ${path}, seen from this report`,
    option: "--set dataset.source.path=FOLDER",
  }),
  problem: ({ path }, dataset, digests) => folderProblem(path, dataset, digests),
  problems: () => [],
} satisfies SourceDefinition<FolderSource>;
