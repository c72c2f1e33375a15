import { fileURLToPath } from "node:url";
import { UserError } from "../../../base/errors.ts";
import type { Json } from "../../../base/json.ts";
import { entriesOf, readTextIfPresent } from "../../../store/disk.ts";
import type { ExecutionFacts } from "../../../store/record.ts";
import { Store } from "../../../store/store.ts";
import { verifyInputs } from "../../inputs.ts";
import { runWorker } from "../../worker/process.ts";
import { assignmentOf } from "../assignment.ts";
import { type Handover, Mailbox, type NodeStatus } from "./handover.ts";
import { NODE_STATUS } from "./script.ts";

/**
 * Executes one job on a node of a cluster, as `LocalExecutor` does on the runner's machine. It plans nothing: what is
 * to be done was handed over, and what came of it is left in the job's workplace. Arguments: store, id, batch.
 */

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, "");
/** Milliseconds from one word of progress to the next: nobody looks more often. */
const STATUS_INTERVAL_MS = 2000;

class Interrupted extends Error {}

/** @returns the exit status */
async function main(folder: string, id: string, batch: string): Promise<number> {
  const store = Store.visit(folder);
  const mailbox = new Mailbox(store, id);
  const { handover } = mailbox;
  // Taken back, handed over anew, or done before this node was asked once more.
  if (handover?.batch !== batch || mailbox.result(batch)) return 0;

  const interruption = new AbortController();
  let isOutOfTime = false;
  Deno.addSignalListener("SIGTERM", () => interruption.abort(new Interrupted()));
  Deno.addSignalListener("SIGUSR1", () => {
    isOutOfTime = true;
    interruption.abort(new Interrupted());
  });
  const before = checkpoints(store, id);
  const node = Deno.env.get("SLURMD_NODENAME") ?? Deno.hostname();
  try {
    const facts = await execute(store, mailbox, handover, node, interruption.signal);
    mailbox.putResult({ batch, node, facts: { ...facts, machine: { ...facts.machine, node, ...gpus() } } });
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      if (!isOutOfTime) return 143;
      return checkpoints(store, id) === before ? NODE_STATUS.outOfTime : await requeue();
    }
    if (!(error instanceof UserError)) throw error;
    const { message, place, notes } = error;
    mailbox.putResult({ batch, node, failure: { message, place, notes } });
    return 1;
  }
}

async function execute(
  store: Store,
  mailbox: Mailbox,
  { batch, job }: Handover,
  node: string,
  signal: AbortSignal,
): Promise<ExecutionFacts> {
  const { stage } = job.manifest;
  let status: NodeStatus = { batch, node, notices: [] };
  let next = 0;
  const tell = (more: Partial<NodeStatus>, isUrgent: boolean) => {
    status = { ...status, ...more };
    const now = performance.now();
    if (!isUrgent && now < next) return;
    next = now + STATUS_INTERVAL_MS;
    mailbox.status = status;
  };
  tell({}, true);
  await verifyInputs(store, job.manifest);
  store.openWorkplace(job.id);
  const { assignment, sandbox } = assignmentOf(job, store, ROOT);
  return await runWorker(assignment, sandbox, {
    module: job.code.entry,
    logPath: `${store.folder}/logs/${stage}-${job.id.slice(0, 12)}.log`,
    onProgress: (progress) => tell({ progress }, progress.fraction >= 1),
    onNotice: (message) => tell({ notices: [...status.notices, message] }, true),
  }, signal);
}

/** What there is to go on from, as a text that differs when it does. */
function checkpoints(store: Store, id: string): string {
  const { scratch } = store.workplace(id);
  return entriesOf(scratch).map((name) => {
    const { mtime, size } = Deno.statSync(`${scratch}/${name}`);
    return `${name} ${mtime?.getTime()} ${size}`;
  }).join();
}

/** Puts this job back into the queue, to go on from its checkpoint. Slurm ends it when it has done so. */
async function requeue(): Promise<number> {
  const { success, stderr } = await new Deno.Command("scontrol", {
    args: ["requeue", Deno.env.get("SLURM_JOB_ID") ?? ""],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) await new Promise((resolve) => setTimeout(resolve, 30_000));
  await Deno.stderr.write(stderr);
  return 143;
}

/** The GPUs of the job, as their driver names them. */
function gpus(): Readonly<Record<string, Json>> {
  if (!Deno.env.get("SLURM_JOB_GPUS")) return {};
  const folder = "/proc/driver/nvidia/gpus";
  const models = entriesOf(folder).flatMap((name) => {
    const [, model] = /^Model:\s*(.+)$/m.exec(readTextIfPresent(`${folder}/${name}/information`) ?? "") ?? [];
    return model === undefined ? [] : [model];
  });
  return models.length === 0 ? {} : { gpu: [...new Set(models)].join(", ") };
}

try {
  const [folder, id, batch] = Deno.args as [string, string, string];
  Deno.exit(await main(folder, id, batch));
} catch (error) {
  console.error(error);
  const code = (error as { code?: unknown } | null)?.code;
  Deno.exit(code === "ENOSPC" || code === "EDQUOT" ? NODE_STATUS.fullDisk : NODE_STATUS.crashed);
}
