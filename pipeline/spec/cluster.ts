import { basename } from "node:path";
import type { Place } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { describeIssues } from "./messages/issues.ts";
import { SpecSource } from "./messages/source.ts";
import { type ClusterFile, clusterSchema } from "./cluster_schema.ts";
import { clusterJsonSchema } from "./json_schema.ts";
import { combinedError, readJsonFile } from "./load.ts";

/** A cluster's file that was read and found right. */
export interface LoadedCluster {
  readonly file: ClusterFile;
  /** Where a key stands, or the innermost object around it that the file has. */
  place(path: readonly string[]): Place | undefined;
}

/** What is known of a cluster that has no file: Slurm's own defaults. */
export function defaultCluster(): LoadedCluster {
  return { file: clusterSchema.parse({}), place: () => undefined };
}

/**
 * Reads a cluster's file.
 * @param stages names of all stages
 * @throws {UserError} with exit status 2, with every problem that was found, each with its place
 */
export async function loadCluster(path: string, stages: readonly string[]): Promise<LoadedCluster> {
  const json = await readJsonFile(path, "the cluster's file");
  const source = new SpecSource(json, json.value, [], []);
  const parsed = clusterSchema.safeParse(json.value);
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw combinedError(describeIssues(issues, json.value, clusterJsonSchema(), basename(path)), source);
  }
  const unknown = Object.keys(parsed.data.stages).filter((name) => !stages.includes(name)).map((name) => {
    const near = nearest(name, stages);
    return {
      path: ["stages", name],
      atKey: true,
      message: `there is no stage ${name}`,
      notes: [
        ...(near === undefined ? [] : [`Did you mean ${near}?`]),
        `The stages are ${stages.join(", ")}.`,
      ],
    };
  });
  if (unknown.length > 0) throw combinedError(unknown, source);
  return { file: parsed.data, place: (path) => source.place(path) };
}
