import type { Job } from "../executor.ts";
import { type Cluster, requestOf } from "./cluster.ts";

/** Exit statuses by which a node says what it lacks, when there is no other way to say it. */
export const NODE_STATUS = {
  noStore: 70,
  noProject: 71,
  noDeno: 72,
  wrongDeno: 73,
  fullDisk: 74,
  /** The time limit is near, and the stage has written no checkpoint that another attempt could go on from. */
  outOfTime: 75,
  /** A defect of the node's program. */
  crashed: 76,
} as const;

/** Begins the comment of every task; the batch follows. */
export const COMMENT = "reparam ";

/** How much lower the priority of a job is for each stage that it is earlier: cells are finished one after another. */
const NICE_PER_RANK = 100;
const MOST_RANKS = 10;

/** Options of `sbatch` for a job. Jobs with the same options may go as one array. */
export function submitOptions(cluster: Cluster, job: Job): string[] {
  const { manifest: { stage }, resources, rank } = job;
  const { partition, account, qos, time, memory, cores, gres, directives = [] } = requestOf(cluster, stage);
  const option = (name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${name}=${value}`];
  return [
    ...option("job-name", `reparam-${stage}`),
    ...option("partition", partition),
    ...option("account", account),
    ...option("qos", qos),
    ...option("time", time),
    ...option("mem", memory ?? `${Math.ceil(resources.memoryBytes / 2 ** 20)}M`),
    ...option("cpus-per-task", cores ?? resources.threads),
    "--ntasks=1",
    ...(resources.gpus > 0 ? option("gres", gres ?? `gpu:${resources.gpus}`) : []),
    ...option("nice", NICE_PER_RANK * Math.max(0, MOST_RANKS - rank)),
    ...option("signal", `B:USR1@${cluster.graceSeconds}`),
    "--requeue",
    "--kill-on-invalid-dep=yes",
    ...directives,
  ];
}

/** What is told of a whole array. */
export interface ArrayOptions {
  readonly batch: string;
  readonly size: number;
  readonly logs: string;
}

/** Options of `sbatch` that make one array. */
export function arrayOptions({ array: { atOnce } }: Cluster, { batch, size, logs }: ArrayOptions): string[] {
  return [
    `--array=0-${size - 1}${atOnce === undefined ? "" : `%${atOnce}`}`,
    `--comment=${COMMENT}${batch}`,
    `--output=${logs}/slurm-%A_%a.log`,
    "--chdir=/",
  ];
}

/**
 * The script of an array: what a node needs is looked for, and Deno takes the place of the shell, so that signals
 * reach it.
 * @param ids of the jobs, in the order of their tasks
 */
export function batchScript(
  cluster: Cluster,
  { root, store, batch, ids }: {
    readonly root: string;
    readonly store: string;
    readonly batch: string;
    readonly ids: readonly string[];
  },
): string {
  const project = cluster.project ?? root;
  const main = `${project}/pipeline/graph/executors/slurm/node.ts`;
  return `#!/bin/sh
${cluster.prologue.join("\n")}
store=${quote(store)} project=${quote(project)} deno=${quote(cluster.deno ?? Deno.execPath())}
say() { echo "$SLURMD_NODENAME: $1" >&2; exit "$2"; }
[ -d "$store/cas" ] || say "there is no folder $store" ${NODE_STATUS.noStore}
[ -f ${quote(main)} ] || say "there is no $project" ${NODE_STATUS.noProject}
command -v "$deno" >/dev/null || deno=deno
command -v "$deno" >/dev/null || say "there is no Deno" ${NODE_STATUS.noDeno}
version=$("$deno" --version | sed -n 's/^deno \\([0-9.]*\\).*/\\1/p')
[ "$version" = ${Deno.version.deno} ] || say "Deno is $version" ${NODE_STATUS.wrongDeno}
set -- ${ids.join(" ")}
shift "$SLURM_ARRAY_TASK_ID"
exec "$deno" run -A --quiet --cached-only --config="$project/deno.json" ${quote(main)} "$store" "$1" ${batch}
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
