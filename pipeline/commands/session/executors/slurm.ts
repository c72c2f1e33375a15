import { dirname, join } from "node:path";
import { UserError } from "../../../base/errors.ts";
import { plural } from "../../../base/words.ts";
import type { Farewell } from "../../../graph/executors/slurm/slurm.ts";
import type { Cluster } from "../../../graph/executors/slurm/cluster.ts";
import { isPresent } from "../../../store/disk.ts";
import type { ExecutorDefinition, ExecutorSetting } from "./executor_definition.ts";
import { openLocal } from "./local.ts";

const FILE = "cluster.json";

/** Executes stages as jobs of a Slurm cluster. */
export const slurm: ExecutorDefinition = {
  description: "a Slurm cluster",
  elsewhere: true,
  open: async (setting) => {
    const { values, project: { root }, store, remote } = setting;
    const cluster = await clusterOf(setting);
    if (!cluster.shared && !remote) {
      throw new UserError(
        "Cannot use the cluster: its nodes share no file system, and there is no remote cache",
        {
          place: cluster.place(["shared"]),
          notes: [
            "Next: --remote URL, of a server that this machine and the nodes reach; docs/ci.md says which do.",
          ],
          exitStatus: 2,
        },
      );
    }
    const { SlurmExecutor } = await import("../../../graph/executors/slurm/slurm.ts");
    return new SlurmExecutor({
      store,
      root,
      cluster,
      server: cluster.shared ? undefined : remote!.server,
      here: openLocal(setting),
      detach: values.has("detach"),
      onInterrupt: askForFarewell,
      onNotice: (text) => console.error(`note: ${text}`),
    });
  },
};

/** The cluster's file that is named, or stands beside the first spec, or the cluster as it is. */
async function clusterOf({ values, project }: ExecutorSetting): Promise<Cluster> {
  const { defaultCluster, loadCluster } = await import("../../../spec/cluster.ts");
  const beside = join(dirname(values.positionals[0] ?? FILE), FILE);
  const path = values.value("cluster") ?? (isPresent(beside) ? beside : undefined);
  const stages = (await project.declarations()).map(({ name }) => name);
  const { file, place } = path === undefined ? defaultCluster() : await loadCluster(path, stages);
  const { partition, account, qos, time, memory, cores, gres, directives, ...more } = file;
  return { ...more, request: { partition, account, qos, time, memory, cores, gres, directives }, place };
}

/** Asks whoever pressed Ctrl-C; where nobody can answer, jobs go on. */
async function askForFarewell(jobs: number): Promise<Farewell> {
  const goOn = `${plural(jobs, "job")} of Slurm ${
    jobs === 1 ? "goes" : "go"
  } on. The same command takes up their results.`;
  if (!Deno.stdin.isTerminal()) {
    console.error(goOn);
    return "leave";
  }
  console.error(`${plural(jobs, "job")} of Slurm: let them go on, or cancel them? [G/c] `);
  const line = new Uint8Array(100);
  const read = await Deno.stdin.read(line);
  const answer = new TextDecoder().decode(line.subarray(0, read ?? 0)).trim().toLowerCase();
  if (answer.startsWith("c")) {
    console.error("Cancelling them; their checkpoints are kept.");
    return "cancel";
  }
  console.error(goOn);
  return "leave";
}
