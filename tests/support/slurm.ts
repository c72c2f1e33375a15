import { LocalExecutor } from "../../pipeline/graph/executors/local.ts";
import type { Cluster } from "../../pipeline/graph/executors/slurm/cluster.ts";
import { Controller } from "../../pipeline/graph/executors/slurm/controller.ts";
import { SlurmExecutor, type SlurmExecutorOptions } from "../../pipeline/graph/executors/slurm/slurm.ts";
import type { Store } from "../../pipeline/store/store.ts";
import { ROOT } from "../graph/toy_project.ts";

/** A real Slurm cluster on this machine: a controller and nodes of its own, on loopback. */
export interface SlurmCluster extends AsyncDisposable {
  /** Variables by which Slurm's commands find it. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs one of Slurm's commands. @returns what it printed */
  command(program: string, ...args: string[]): Promise<string>;
  /** Kills the daemon of a node, with all that it runs, as a power cut would. */
  killNode(name: string): Promise<void>;
  startNode(name: string): Promise<void>;
  stopController(): Promise<void>;
  /** @param options of its program: `-c` forgets all jobs */
  startController(...options: string[]): Promise<void>;
}

/** Why there can be no cluster here, or undefined where there can (Debian: slurm-wlm, munge). */
export const NO_SLURM = ((): string | undefined => {
  const isThere = (program: string) =>
    ["/usr/sbin", "/usr/bin"].some((folder) => {
      try {
        return Deno.statSync(`${folder}/${program}`).isFile;
      } catch {
        return false;
      }
    });
  const missing = ["slurmctld", "slurmd", "munged", "sbatch"].filter((program) => !isThere(program));
  if (missing.length > 0) return `${missing.join(", ")} not installed (Debian: slurm-wlm, munge)`;
  return Deno.uid() === 0 ? undefined : "only root may start Slurm's daemons";
})();

/** The name of a test, with the reason where it is ignored. */
export function onSlurm(name: string): { readonly name: string; readonly ignore: boolean } {
  return {
    name: NO_SLURM === undefined ? name : `${name} (ignored: ${NO_SLURM})`,
    ignore: NO_SLURM !== undefined,
  };
}

export interface SlurmOptions {
  readonly nodes?: number;
  /** Cores of each node. */
  readonly cores?: number;
}

/** Starts a cluster in an empty folder, whose jobs of the partition `main` give way to those of `urgent`. */
export async function startSlurm(
  folder: string,
  { nodes = 2, cores = 2 }: SlurmOptions = {},
): Promise<SlurmCluster> {
  const host = Deno.hostname().split(".")[0];
  const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  for (const name of ["munge", "state", "log", "run", ...names.map((name) => `spool/${name}`)]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  // Munge's daemon insists on who may write to its folders.
  Deno.chmodSync(folder, 0o755);
  Deno.chmodSync(`${folder}/munge`, 0o700);
  Deno.writeFileSync(`${folder}/munge/key`, crypto.getRandomValues(new Uint8Array(1024)), { mode: 0o600 });
  const [controllerPort, ...ports] = freePorts(nodes + 1);
  const conf = `${folder}/slurm.conf`;
  Deno.writeTextFileSync(
    conf,
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controllerPort}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${folder}/run/munge.sock
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd.%n.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectTypeParameters=CR_Core_Memory
MpiDefault=none
SelectType=select/cons_tres
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,sched_interval=1,bf_interval=1
PriorityType=priority/basic
MinJobAge=300
KillWait=3
ReturnToService=2
SlurmdTimeout=5
SlurmctldTimeout=3
MessageTimeout=5
BatchStartTimeout=1
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
${
      names.map((name, i) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${
          ports[i]
        } CPUs=${cores} RealMemory=16000 State=UNKNOWN`
      ).join("\n")
    }
PartitionName=main Nodes=ALL Default=YES MaxTime=2:00:00 PriorityTier=1 State=UP
PartitionName=urgent Nodes=ALL PriorityTier=10 State=UP
`,
  );
  const env = { SLURM_CONF: conf };
  const command = async (program: string, ...args: string[]) => {
    const { success, stdout, stderr } = await new Deno.Command(program, { args, env, stdin: "null" })
      .output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}`);
    return text(stdout);
  };
  const startNode = async (name: string) => void await command("slurmd", "-N", name, "-f", conf);
  const startController = async (...options: string[]) =>
    void await command("slurmctld", "-f", conf, ...options);
  const pid = (name: string) => Number(Deno.readTextFileSync(`${folder}/run/${name}.pid`));
  const killNode = async (name: string) => {
    for (const process of await processesOf(pid(`slurmd.${name}`), name, conf)) kill(process, "SIGKILL");
  };
  const stopController = () => stop(pid("slurmctld"));

  await command(
    "munged",
    "--force",
    `--key-file=${folder}/munge/key`,
    `--socket=${folder}/run/munge.sock`,
    `--pid-file=${folder}/run/munged.pid`,
    `--log-file=${folder}/log/munged.log`,
    `--seed-file=${folder}/munge/seed`,
    "--num-threads=2",
  );
  await startController();
  for (const name of names) await startNode(name);
  for (let attempt = 0;; attempt++) {
    const idle = await command("sinfo", "--noheader", "--Node", "--states=idle", "--format=%N").catch(() =>
      ""
    );
    if (new Set(idle.split("\n").filter(Boolean)).size === nodes) break;
    if (attempt === 150) throw new Error(`The cluster did not come up: ${await command("sinfo")}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    env,
    command,
    killNode,
    startNode,
    stopController,
    startController,
    async [Symbol.asyncDispose]() {
      await command("scancel", "--me", "--signal=KILL", "--full").catch(() => {});
      await command("scancel", "--me").catch(() => {});
      for (const name of names) await killNode(name).catch(() => {});
      for (const name of ["slurmctld", "munged"]) await stop(pid(name)).catch(() => {});
    },
  };
}

/** Processes of a node: its daemon, those of jobs, and the daemons of their steps. */
async function processesOf(daemon: number, node: string, conf: string): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,ppid=,args="] }).output();
  const processes = new TextDecoder().decode(stdout).trim().split("\n").map((line) => {
    const [pid, parent, ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), args: args.join(" ") };
  });
  const steps = new Set(processes.filter(({ args }) => args.startsWith("slurmstepd:")).map(({ pid }) => pid));
  const found = new Set([daemon]);
  for (const { pid, parent } of processes) {
    const variables = environmentOf(pid);
    if (!steps.has(parent) || !variables.includes(`SLURMD_NODENAME=${node}`)) continue;
    if (variables.includes(`SLURM_CONF=${conf}`)) found.add(parent);
  }
  for (let size = 0; size !== found.size;) {
    size = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function environmentOf(pid: number): string[] {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0");
  } catch {
    return []; // it has ended
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) && !(error instanceof TypeError)) throw error;
  }
}

async function stop(pid: number): Promise<void> {
  kill(pid, "SIGTERM");
  for (let attempt = 0; attempt < 50 && isRunning(pid); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  kill(pid, "SIGKILL");
}

function isRunning(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ").at(-1)![0] !== "Z";
  } catch {
    return false;
  }
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

/** What a test says of the cluster. */
export const TEST_CLUSTER: Cluster = {
  request: {},
  stages: {},
  prologue: [],
  array: { size: 100 },
  shared: true,
  nodeFolder: "/nowhere",
  graceSeconds: 10,
  place: () => undefined,
};

/** An executor whose jobs end with it. */
export function slurmExecutor(
  store: Store,
  controller: Controller,
  more: Partial<SlurmExecutorOptions> = {},
): SlurmExecutor {
  return new SlurmExecutor({
    store,
    root: ROOT,
    cluster: TEST_CLUSTER,
    here: new LocalExecutor({ store, root: ROOT, slots: 1 }),
    onInterrupt: () => Promise.resolve("cancel"),
    onNotice: () => {},
    controller,
    ...more,
  });
}

/** One cluster for all tests of a file, started when the first one asks for it. */
export const sharedSlurm = {
  started: undefined as Promise<SlurmCluster & { readonly folder: string }> | undefined,

  cluster(): Promise<SlurmCluster> {
    return this.started ??= (async () => {
      const folder = await Deno.makeTempDir({ prefix: "reparam-slurm-" });
      return Object.assign(await startSlurm(folder, { nodes: 3 }), { folder });
    })();
  },

  async [Symbol.asyncDispose]() {
    const cluster = await this.started;
    if (!cluster) return;
    await cluster[Symbol.asyncDispose]();
    await Deno.remove(cluster.folder, { recursive: true });
  },
};
