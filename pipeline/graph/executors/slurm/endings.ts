import { type Place, UserError } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import type { Job } from "../executor.ts";
import { type Cluster, type ClusterRequest, requestOf } from "./cluster.ts";
import type { Controller, QueueRow, Refused } from "./controller.ts";
import { NODE_STATUS } from "./script.ts";

/** How a job ended that left no result. */
export interface Ending {
  /** Whether to submit it again: what happened is not the stage's doing. */
  readonly again: boolean;
  readonly error: UserError;
}

/** States in which a job is, or will be, at work. */
const ALIVE = new Set([
  "PENDING",
  "CONFIGURING",
  "RUNNING",
  "COMPLETING",
  "REQUEUED",
  "REQUEUE_FED",
  "RESIZING",
  "SIGNALING",
  "STAGE_OUT",
  "STOPPED",
  "SUSPENDED",
]);

/** Whether a job may still come to a result. */
export function isAlive({ state }: QueueRow): boolean {
  return ALIVE.has(state);
}

/** Reasons to wait that never pass by themselves, and what in a cluster's file they are about. */
const HOPELESS: readonly (readonly [RegExp, key: keyof ClusterRequest | undefined])[] = [
  [/^(PartitionTimeLimit|\w+WallDurationPerJob\w*)$/, "time"],
  [/^(PartitionConfig|PartitionNodeLimit|\w+(Cpu|CPU|Node)\w*PerJob\w*)$/, "cores"],
  [/^\w+(Mem|Memory)\w*PerJob\w*$/, "memory"],
  [/^\w+GRES\w*PerJob\w*$/i, "gres"],
  [/^(InvalidAccount|AccountNotAllowed|AssociationNotPermitted)$/, "account"],
  [/^(InvalidQOS|QOSNotAllowed)$/, "qos"],
  [/^BadConstraints$/, "directives"],
  [/^DependencyNeverSatisfied$/, undefined],
];

/** Whether a job that waits would wait for ever. */
export function isHopeless({ state, reason }: QueueRow): boolean {
  return state === "PENDING" && HOPELESS.some(([pattern]) => pattern.test(reason));
}

/** Whether a job that has ended may have a result that is not to be seen yet. */
export function mayStillSay(row: QueueRow | undefined, exitStatus: number | undefined): boolean {
  return row?.state === "COMPLETED" || row?.state === "FAILED" && exitStatus === 1;
}

/** What in a cluster's file Slurm's refusals are about. */
const ABOUT: readonly (readonly [RegExp, key: keyof ClusterRequest])[] = [
  [/partition/i, "partition"],
  [/account/i, "account"],
  [/qos/i, "qos"],
  [/time limit/i, "time"],
  [/memory/i, "memory"],
  [/gres|generic resource/i, "gres"],
  [/node configuration|cpu count|more processors/i, "cores"],
  [/unrecognized option|invalid option|unknown option/i, "directives"],
];

/** What a user is told where Slurm refuses a job. */
export async function submitRefusal(
  { message }: Refused,
  cluster: Cluster,
  controller: Controller,
  { manifest: { stage } }: Job,
): Promise<UserError> {
  const [, key] = ABOUT.find(([pattern]) => pattern.test(message)) ?? [];
  const partition = requestOf(cluster, stage).partition;
  const partitions = key === "partition" ? await controller.partitions() : [];
  const near = partition === undefined ? undefined : nearest(partition, partitions);
  return new UserError(`Cannot submit stage ${stage} to Slurm: sbatch refuses it`, {
    ...(key === undefined ? {} : { place: placeOf(cluster, stage, key) }),
    notes: [
      ...message.split("\n").map((line) => `Slurm says: ${line}`),
      ...(near === undefined ? [] : [`Did you mean ${near}?`]),
      ...(partitions.length === 0 ? [] : [`Partitions: ${partitions.join(", ")}.`]),
      ...(key === undefined ? [] : [`Next: another \`${key}\` in the cluster's file.`]),
    ],
  });
}

function placeOf(cluster: Cluster, stage: string, key: string): Place | undefined {
  return cluster.place(Object.hasOwn(cluster.stages[stage] ?? {}, key) ? ["stages", stage, key] : [key]);
}

/** What Slurm's step daemon prints of a job that it kills, whatever state it then says the job is in. */
const OUT_OF_MEMORY = /slurmstepd.*(exceeded.*memory limit|oom[-_ ]kill)/i;

/** What is known of a job that ended without a result. */
export interface Remains {
  /** As the queue has it; undefined where it vanished. */
  readonly row: QueueRow | undefined;
  readonly exitStatus?: number | undefined;
  /** What it printed. */
  readonly log?: string;
  /** Whether it left something to go on from. */
  readonly hasCheckpoint?: boolean;
}

/** Says by name what became of a job, and what to change. */
export function endingOf(cluster: Cluster, job: Job, remains: Remains): Ending {
  const { row, exitStatus, log = "", hasCheckpoint = false } = remains;
  const { stage } = job.manifest;
  const request = requestOf(cluster, stage);
  const words = [
    ...(row ? [`Slurm says: ${row.state}${row.reason === "None" ? "" : `, ${row.reason}`}`] : []),
    ...log.split("\n").filter((line) => line.trim() !== "").slice(-3).map((line) => `It printed: ${line}`),
  ];
  const where = row && row.node !== "" ? ` on node ${row.node}` : "";
  const failure = (what: string, notes: readonly string[], more: { again?: boolean; key?: string } = {}) => ({
    again: more.again ?? false,
    error: new UserError(`Stage ${stage} failed: job ${row?.id ?? "of Slurm"} ${what}`, {
      notes: [...words, ...notes],
      place: more.key === undefined ? undefined : placeOf(cluster, stage, more.key),
    }),
  });
  if (!row) {
    return failure("vanished: Slurm knows nothing of it", [
      "A controller that is killed can lose what it had just taken. Run again.",
    ], { again: true });
  }
  switch (row.state) {
    case "PENDING": {
      const key = HOPELESS.find(([pattern]) => pattern.test(row.reason))?.[1];
      return failure("could never begin, and was cancelled", [
        ...(key === undefined ? [] : [`Next: another \`${key}\` in the cluster's file.`]),
      ], key === undefined ? {} : { key });
    }
    case "TIMEOUT":
    case "DEADLINE":
      return outOfTime();
    case "OUT_OF_MEMORY":
      return outOfMemory();
    case "NODE_FAIL":
    case "BOOT_FAIL":
      return failure(`ended because its node ${row.node} failed`, [
        "What it had as a checkpoint is kept. Run again.",
      ], {
        again: true,
      });
    case "PREEMPTED":
      return failure(`gave way to another job${where}`, ["What it had as a checkpoint is kept. Run again."], {
        again: true,
      });
    case "CANCELLED":
      return failure("was cancelled", [
        "Somebody did so by scancel, or the cluster's rules. Run again to submit it anew.",
      ]);
  }
  if (OUT_OF_MEMORY.test(log)) return outOfMemory();
  switch (exitStatus) {
    case NODE_STATUS.noStore:
      return failure(`cannot see the store${where}`, [
        "The store must lie on a file system that the nodes share: --artifacts DIR, with such a folder.",
        'Where there is none: "shared": false in the cluster\'s file, and --remote URL.',
      ]);
    case NODE_STATUS.noProject:
      return failure(`cannot find the project${where}`, [
        "It must lie where the nodes see it, or have a copy on each, which `project` in the cluster's file names.",
      ], { key: "project" });
    case NODE_STATUS.noDeno:
    case NODE_STATUS.wrongDeno:
      return failure(`finds no Deno ${Deno.version.deno}${where}`, [
        "Next: the path of its program as `deno` in the cluster's file, or a line for `prologue` that loads it.",
      ], { key: "deno" });
    case NODE_STATUS.fullDisk:
      return failure(`found the file system of the store full${where}`, [
        "Nothing that was stored before is harmed. Free some space (`deno task gc` shows what it could free) and run again.",
      ]);
    case NODE_STATUS.noServer:
      return failure(`could not use the remote cache${where}`, [
        "Where nodes see no store, jobs and results go by it: its address must be one that the nodes reach.",
      ]);
    case NODE_STATUS.outOfTime:
      return outOfTime();
  }
  if (row.state === "COMPLETED") {
    return failure(`is done, and what it wrote is not there${where}`, ["Was it removed? Run again."], {
      again: true,
    });
  }
  // Slurm gives a batch job that it could not launch the status 1, as where the node had lost it once before.
  if (exitStatus === 1 && log.trim() === "") {
    return failure(`ended with status 1, and without a word${where}`, [
      "Slurm may not have been able to launch it, as on a node that has just come back. Run again.",
    ], { again: true });
  }
  return failure(
    exitStatus === undefined || exitStatus === 0
      ? `ended without a result${where}`
      : `ended with status ${exitStatus}${where}`,
    [],
  );

  function outOfMemory() {
    return failure(`took more memory than it asked for${where}`, [
      `It asked for ${
        request.memory ?? `${Math.ceil(job.resources.memoryBytes / 2 ** 20)}M`
      }. Next: more as stages.${stage}.memory in the cluster's file.`,
    ], { key: "memory" });
  }

  function outOfTime() {
    const next = `Next: more as stages.${stage}.time in the cluster's file, up to the partition's limit.`;
    return failure(
      `ran into its time limit${request.time === undefined ? "" : ` of ${request.time}`}${where}`,
      [
        hasCheckpoint
          ? `It goes on from its checkpoint. ${next}`
          : `It had no checkpoint to go on from. ${next}`,
      ],
      { key: "time", again: hasCheckpoint },
    );
  }
}
