import { fileURLToPath } from "node:url";
import { UserError } from "../../../base/errors.ts";
import type { Json } from "../../../base/json.ts";
import { entriesOf, isPresent, listFiles, readTextIfPresent } from "../../../store/disk.ts";
import type { ExecutionFacts } from "../../../store/record.ts";
import { sha256 } from "../../../store/sealed.ts";
import { Store } from "../../../store/store.ts";
import { RemoteProblem } from "../../../store/transfer.ts";
import { pathOf } from "../../code.ts";
import { verifyInputs } from "../../inputs.ts";
import { runWorker } from "../../worker/process.ts";
import { assignmentOf } from "../assignment.ts";
import { InstalledPackages } from "../installed_packages.ts";
import { Courier } from "./courier.ts";
import { type Handover, Mailbox, type NodeResult, type NodeStatus } from "./handover.ts";
import { type Mail, MAIL_VARIABLE, NODE_STATUS } from "./script.ts";

/**
 * Executes one job on a node of a cluster, as `LocalExecutor` does on the runner's machine. It plans nothing: what is
 * to be done was handed over, and what came of it is left in the job's workplace. Arguments: store, id, batch.
 */

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url)).replace(/\/$/, "");
/** Milliseconds from one word of progress to the next: nobody looks more often. */
const STATUS_INTERVAL_MS = 2000;

/** How long the server that carries letters may be silent. */
const PATIENCE_MS = 30_000;

class Interrupted extends Error {}

/** @returns the exit status */
async function main(folder: string, id: string, batch: string): Promise<number> {
  const store = Store.visit(folder);
  const mail = takeMail();
  const courier = mail && new Courier(store, { ...mail, url: new URL(mail.url), patienceMs: PATIENCE_MS });
  const secret = mail?.secret ?? "";
  if (courier) {
    for (const name of ["tmp", "logs"]) Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
    await courier.receiveJob(id, secret);
  }
  const mailbox = new Mailbox(store, id);
  const { handover } = mailbox;
  // Taken back, handed over anew, or done before this node was asked once more.
  if (handover?.batch !== batch || await mailbox.result(batch)) return 0;

  const interruption = new AbortController();
  let isOutOfTime = false;
  Deno.addSignalListener("SIGTERM", () => interruption.abort(new Interrupted()));
  Deno.addSignalListener("SIGUSR1", () => {
    isOutOfTime = true;
    interruption.abort(new Interrupted());
  });
  const before = checkpoints(store, id);
  const node = Deno.env.get("SLURMD_NODENAME") ?? Deno.hostname();
  const finish = async (result: Pick<NodeResult, "facts" | "failure">) => {
    const outputs = result.facts && await digestsOf(store, id);
    mailbox.putResult({ batch, node, outputs, ...result });
    if (!courier) return;
    await courier.sendResult(id, secret);
    store.clear(id);
  };
  const tell = (status: NodeStatus) => {
    mailbox.status = status;
    courier?.sendStatus(id, secret).catch(() => {}); // the next word may come through
  };
  try {
    checkProject(handover, node);
    const facts = await execute(store, handover, node, tell, interruption.signal);
    await finish({ facts: { ...facts, machine: { ...facts.machine, node, ...gpus() } } });
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      const hasCheckpoint = checkpoints(store, id) !== before;
      if (hasCheckpoint) await courier?.sendCheckpoint(id, secret);
      if (!isOutOfTime) return 143;
      return hasCheckpoint ? await requeue() : NODE_STATUS.outOfTime;
    }
    if (!(error instanceof UserError)) throw error;
    const { message, place, notes } = error;
    await finish({ failure: { message, place, notes } });
    return 1;
  }
}

/** How letters are sent, taken out of the environment before a stage starts. */
function takeMail(): Mail | undefined {
  const text = Deno.env.get(MAIL_VARIABLE);
  Deno.env.delete(MAIL_VARIABLE);
  return text === undefined ? undefined : JSON.parse(text);
}

/** Holds a node's own copy of the project to that of the runner. @throws {UserError} */
function checkProject({ files, job: { places } }: Handover, node: string): void {
  const other = Object.keys(files).find((path) => {
    const text = readBytesIfPresent(pathOf(path, ROOT, places));
    return text === undefined || sha256(text) !== files[path];
  });
  if (other !== undefined) {
    throw new UserError(`The project on node ${node}, ${ROOT}, is not the one that was planned with`, {
      notes: [`${other} differs, or is missing.`, "Next: bring it to the same commit on every node."],
    });
  }
  if (!isPresent(`${ROOT}/node_modules`)) {
    throw new UserError(`The project on node ${node}, ${ROOT}, lacks its npm packages`, {
      notes: ["Next: `deno install --frozen` there."],
    });
  }
}

function readBytesIfPresent(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch {
    return undefined; // what cannot be read is not the runner's
  }
}

async function execute(
  store: Store,
  { batch, job }: Handover,
  node: string,
  say: (status: NodeStatus) => void,
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
    say(status);
  };
  tell({}, true);
  await verifyInputs(store, job.manifest);
  await new InstalledPackages(store, ROOT).verify(stage, job.code);
  store.openWorkplace(job.id);
  const { assignment, sandbox } = assignmentOf(job, store, ROOT);
  return await runWorker(assignment, sandbox, {
    module: job.code.entry,
    logPath: `${store.folder}/logs/${stage}-${job.id.slice(0, 12)}.log`,
    onProgress: (progress) => tell({ progress }, progress.fraction >= 1),
    onNotice: (message) => tell({ notices: [...status.notices, message] }, true),
  }, signal);
}

async function digestsOf(store: Store, id: string): Promise<Record<string, string>> {
  const { output } = store.workplace(id);
  const digests: Record<string, string> = {};
  for (const name of listFiles(output)) digests[name] = await store.digests.digest(`${output}/${name}`);
  return digests;
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
  try {
    console.error(error);
  } catch {
    // What is printed goes to the same full disk.
  }
  const code = (error as { code?: unknown } | null)?.code;
  if (error instanceof RemoteProblem) Deno.exit(NODE_STATUS.noServer);
  Deno.exit(code === "ENOSPC" || code === "EDQUOT" ? NODE_STATUS.fullDisk : NODE_STATUS.crashed);
}
