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
  /** The server that carries letters is out of reach, or has not all that was sent to it. */
  noServer: 77,
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

/** One array that is to be submitted. */
export interface Batch {
  readonly batch: string;
  /** Ids of the jobs, in the order of their tasks. */
  readonly ids: readonly string[];
  /** The folder of the runner's store. */
  readonly store: string;
  /** The runner's project. */
  readonly root: string;
  /** Where the nodes see no store: how its letters are sent. */
  readonly mail?: Mail | undefined;
}

/** How a node reaches the server that carries letters. */
export interface Mail {
  readonly url: string;
  readonly authorization?: string | undefined;
  readonly secret: string;
}

/** The variable of a node's environment that holds its `Mail`, until it is read. */
export const MAIL_VARIABLE = "REPARAM_MAIL";

/** Options of `sbatch` that make one array. */
export function arrayOptions({ array: { atOnce } }: Cluster, { batch, ids, store, mail }: Batch): string[] {
  return [
    `--array=0-${ids.length - 1}${atOnce === undefined ? "" : `%${atOnce}`}`,
    `--comment=${COMMENT}${batch}`,
    // Slurm would take a "%" in the path for one of its own.
    `--output=${mail ? "/dev/null" : `${store.replaceAll("%", "%%")}/logs/slurm-%A_%a.log`}`,
    "--chdir=/",
  ];
}

/**
 * The script of an array: what a node needs is looked for, and Deno takes the place of the shell, so that signals
 * reach it. It reaches the node by Slurm, and nobody but its user reads it.
 */
export function batchScript(cluster: Cluster, { batch, ids, store, root, mail }: Batch): string {
  const project = cluster.project ?? root;
  const main = `${project}/pipeline/graph/executors/slurm/node.ts`;
  const findStore = mail
    ? `store="${cluster.nodeFolder}"
mkdir -p "$store/cas" || say "there can be no folder $store" ${NODE_STATUS.noStore}
${MAIL_VARIABLE}=${quote(JSON.stringify(mail))}; export ${MAIL_VARIABLE}`
    : `store=${quote(store)}
[ -d "$store/cas" ] || say "there is no folder $store" ${NODE_STATUS.noStore}`;
  return `#!/bin/sh
${cluster.prologue.join("\n")}
project=${quote(project)} deno=${quote(cluster.deno ?? Deno.execPath())}
say() { echo "$SLURMD_NODENAME: $1" >&2; exit "$2"; }
${findStore}
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
