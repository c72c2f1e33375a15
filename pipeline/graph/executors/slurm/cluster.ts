import type { Place } from "../../../base/errors.ts";

/** What one stage asks a cluster for, beyond what its declaration says that it needs. */
export interface ClusterRequest {
  readonly partition?: string | undefined;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  /** As Slurm takes it: `30`, `2:00:00`, `1-12:00:00`. */
  readonly time?: string | undefined;
  /** As Slurm takes it: `4G`. Left out: what the stage's declaration says. */
  readonly memory?: string | undefined;
  /** Left out: the threads that the stage's declaration says. */
  readonly cores?: number | undefined;
  /** For stages that compute on a GPU: `gpu:1`. */
  readonly gres?: string | undefined;
  /** Further options of `sbatch`, each whole: `--constraint=avx512`. */
  readonly directives?: readonly string[] | undefined;
}

/** A Slurm cluster, and how it is used. */
export interface Cluster {
  /** What all stages ask for. */
  readonly request: ClusterRequest;
  /** What single stages ask for in its place, and whether they run on the cluster at all or here. */
  readonly stages: Readonly<
    Record<string, ClusterRequest & { readonly where?: "cluster" | "here" | undefined }>
  >;
  /** Lines of shell before a job begins: `module load deno`. */
  readonly prologue: readonly string[];
  /** Most tasks of one job array, and how many of these run at the same time. */
  readonly array: { readonly size: number; readonly atOnce?: number | undefined };
  /** Deno on the nodes, where it is another than here. */
  readonly deno?: string | undefined;
  /** The project's folder on the nodes, where it is another than here. */
  readonly project?: string | undefined;
  /** Whether nodes see the store. Where not, jobs and results go by the server of the remote cache. */
  readonly shared: boolean;
  /** The folder of a node that sees no store, for what it works on; it may name variables of the shell. */
  readonly nodeFolder: string;
  /** How long before its end a job is told, to write a checkpoint. */
  readonly graceSeconds: number;
  /** Where a key stands in the cluster's file, for messages. */
  place(path: readonly string[]): Place | undefined;
}

/** Where the request of a stage says something, or else that of all stages. */
export function requestOf({ request, stages }: Cluster, stage: string): ClusterRequest {
  const own = Object.hasOwn(stages, stage) ? stages[stage]! : {};
  const said = Object.entries(own).filter(([name, value]) => name !== "where" && value !== undefined);
  return {
    ...request,
    ...Object.fromEntries(said),
    directives: [...request.directives ?? [], ...own.directives ?? []],
  };
}
