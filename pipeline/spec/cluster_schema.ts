import { z } from "zod";

const text = () => z.string().min(1).max(200);

const request = {
  partition: text().optional().describe("Slurm's --partition. Default: the cluster's."),
  account: text().optional().describe("Slurm's --account."),
  qos: text().optional().describe("Slurm's --qos."),
  time: z.string().regex(/^(\d+-)?\d+(:\d{1,2}){0,2}$/).optional().describe(
    "Slurm's --time, as minutes, hours:minutes:seconds or days-hours:minutes:seconds: `2:00:00`. A training that does " +
      "not fit goes on from its checkpoint. Default: the partition's.",
  ),
  memory: z.string().regex(/^\d+[KMGT]?$/).optional().describe(
    "Slurm's --mem: `4G`. Default: what the stage says that it needs.",
  ),
  cores: z.int().min(1).optional().describe("Default: the threads that the stage keeps busy."),
  gres: text().optional().describe(
    "Asked for where a stage computes on a GPU: `gpu:a100:1`. Default: `gpu:1`.",
  ),
  directives: z.array(z.string().regex(/^--?[a-zA-Z]/)).default([]).describe(
    "Further options of sbatch: `--constraint=avx512`.",
  ),
};

/**
 * What is said of a cluster. This one schema gives the types, the validation and `experiments/cluster.schema.json`. None
 * of it is in a spec or a key.
 */
export const clusterSchema = z.strictObject({
  $schema: z.string().optional().describe("The JSON Schema that editors check this file with."),
  ...request,
  stages: z.record(
    z.string(),
    z.strictObject({
      where: z.enum(["cluster", "here"]).optional().describe(
        "On a node, or on this machine. Default: here where the stage needs a network, else on a node.",
      ),
      ...request,
    }),
  ).default({}).describe(
    'What single stages ask for in place of the above: `"train": { "time": "4:00:00" }`.',
  ),
  prologue: z.array(z.string().max(1000)).default([]).describe(
    "Lines of shell that begin each job: `module load deno`.",
  ),
  array: z.strictObject({
    size: z.int().min(1).max(10_000).default(1000).describe(
      "Most tasks of one job array; below the cluster's MaxArraySize.",
    ),
    atOnce: z.int().min(1).optional().describe(
      "Tasks of one array that run at the same time. Default: any number.",
    ),
  }).prefault({}),
  deno: text().optional().describe(
    "Deno's program on the nodes. Default: the path that it has here, or PATH.",
  ),
  project: text().optional().describe(
    "The project's folder on the nodes. Default: the path that it has here.",
  ),
  shared: z.boolean().default(true).describe(
    "Whether the nodes see the store, on a file system in common. Where not, jobs and results go by --remote.",
  ),
  nodeFolder: text().default("${TMPDIR:-/tmp}/reparam-$(id -u)").describe(
    "A node's own folder for what it works on, where no file system is shared; the shell of the node reads it.",
  ),
  graceSeconds: z.int().min(10).max(3600).default(60).describe(
    "How long before its time limit a training writes a checkpoint and goes back into the queue.",
  ),
});

/** A cluster's file as it is read, with defaults. */
export type ClusterFile = z.output<typeof clusterSchema>;
