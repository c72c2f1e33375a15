import { UserError } from "../../../base/errors.ts";
import { readTextIfPresent, removeIfPresent } from "../../../store/disk.ts";
import type { ExecutionFacts } from "../../../store/record.ts";
import type { Store } from "../../../store/store.ts";
import { RemoteProblem, type RemoteServer } from "../../../store/transfer.ts";
import { pathOf } from "../../code.ts";
import { type Executor, type Job, type JobObserver, NotAwaited } from "../executor.ts";
import type { Cluster } from "./cluster.ts";
import { Controller, ControllerSilent, type QueueRow, Refused } from "./controller.ts";
import { endingOf, isAlive, isHopeless, mayStillSay, submitRefusal } from "./endings.ts";
import { Courier } from "./courier.ts";
import { Mailbox, type NodeResult } from "./handover.ts";
import { arrayOptions, type Batch, batchScript, COMMENT, submitOptions } from "./script.ts";

/** What becomes of jobs when the process is interrupted that handed them over. */
export type Farewell = "leave" | "cancel";

/** What a `SlurmExecutor` works with. */
export interface SlurmExecutorOptions {
  readonly store: Store;
  /** The folder of `deno.json`. */
  readonly root: string;
  readonly cluster: Cluster;
  /** Executes what is not for a cluster: what fetches from a network that nodes seldom have. */
  readonly here: Executor;
  /** The server that carries letters, where nodes see no store. */
  readonly server?: RemoteServer | undefined;
  /** Hand jobs over, and wait for none. */
  readonly detach?: boolean;
  /** Asked once, when this process is interrupted. @param jobs how many are handed over */
  readonly onInterrupt: (jobs: number) => Promise<Farewell>;
  /** Told what concerns no single job: that the controller is silent. */
  readonly onNotice: (text: string) => void;
  readonly controller?: Controller;
  /** How often a silent controller is asked. */
  readonly silenceMs?: number;
}

/** A job that was handed over. */
interface Task {
  readonly job: Job;
  readonly mailbox: Mailbox;
  readonly observer: JobObserver;
  readonly settle: PromiseWithResolvers<ExecutionFacts>;
  batch: string;
  index: number;
  secret: string;
  /** Its array in Slurm, once that is known. */
  array: string | undefined;
  /** When it was handed over, or found to be. */
  since: number;
  /** When it was first seen to have ended without a result. */
  ended: number | undefined;
  attempts: number;
  hasStarted: boolean;
  /** What was told last of its waiting, and how many of its notices. */
  queued: string;
  notices: number;
}

/** More jobs than any cluster takes from one user; those beyond wait in this process. */
const MOST_JOBS = 10_000;
/** Jobs that come within this time of each other go together. */
const GATHER_MS = 50;
/** Milliseconds from one look at the queue to the next, with few jobs and with many. */
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
const WAIT_MS_PER_JOB = 10;
const SILENCE_MS = 10_000;
/** Status files that are read at each look: the others have their turn at the next. */
const MOST_STATUS_FILES = 50;
/** A job that the queue does not show this long after it was handed over is lost. */
const LOST_AFTER_MS = 5000;
/** How long a result may take to be seen that was written on a node: NFS looks for new files every now and then. */
const LAG_MS = 60_000;
/** How long cancelled jobs are waited for: they write checkpoints. */
const ENDING_MS = 20_000;
/** Why a job waits that went back into the queue: Slurm lets two minutes pass, and need not. */
const HELD = "BeginTime";
/** How often a job is handed over anew that ended through no fault of its own. */
const MOST_ATTEMPTS = 4;

/** Executes jobs on the nodes of a Slurm cluster that share the store's file system. */
export class SlurmExecutor implements Executor {
  readonly slots = MOST_JOBS;
  readonly #options: SlurmExecutorOptions;
  readonly #controller: Controller;
  readonly #tasks = new Set<Task>();
  /** Tasks that are to be submitted. */
  #gathered: Task[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #watching: Promise<void> | undefined;
  #wake: () => void = () => {};
  #farewell: Promise<void> | undefined;
  readonly #silenceMs: number;
  readonly #courier: Courier | undefined;
  #isSilent = false;
  #turn = 0;

  constructor(options: SlurmExecutorOptions) {
    this.#options = options;
    this.#controller = options.controller ?? new Controller();
    this.#silenceMs = options.silenceMs ?? SILENCE_MS;
    this.#courier = options.server && new Courier(options.store, options.server);
  }

  async execute(job: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts> {
    signal.throwIfAborted();
    const { store, cluster, here } = this.#options;
    const where = cluster.stages[job.manifest.stage]?.where ?? (asksForNetwork(job) ? "here" : "cluster");
    if (where === "here") return await here.execute(job, observer, signal);

    const task: Task = {
      job,
      mailbox: new Mailbox(store, job.id),
      observer,
      settle: Promise.withResolvers(),
      batch: "",
      index: 0,
      secret: "",
      array: undefined,
      since: performance.now(),
      ended: undefined,
      attempts: 0,
      hasStarted: false,
      queued: "",
      notices: 0,
    };
    const interrupt = () => void this.#interrupt(task, signal.reason);
    signal.addEventListener("abort", interrupt, { once: true });
    task.settle.promise.catch(() => {}); // told below, also where it fails before
    try {
      const { handover } = task.mailbox;
      this.#tasks.add(task);
      if (handover) {
        // Handed over by a process that is no more.
        ({ batch: task.batch, index: task.index, secret: task.secret = "" } = handover);
        task.attempts = 1;
        const result = await this.#result(task);
        if (result) this.#finish(task, result);
        else this.#watch();
      } else this.#gather(task);
      return await task.settle.promise;
    } finally {
      this.#tasks.delete(task);
      if (this.#tasks.size === 0) this.#wake();
      signal.removeEventListener("abort", interrupt);
    }
  }

  #gather(task: Task): void {
    this.#gathered.push(task);
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => {
      const tasks = this.#gathered;
      this.#gathered = [];
      this.#submit(tasks).then(() => this.#watch());
    }, GATHER_MS);
  }

  /** Hands tasks over, those that ask for the same as arrays. */
  async #submit(tasks: readonly Task[]): Promise<void> {
    const { cluster } = this.#options;
    const alike = Map.groupBy(tasks, ({ job }) => JSON.stringify(submitOptions(cluster, job)));
    for (const group of alike.values()) {
      for (let from = 0; from < group.length; from += cluster.array.size) {
        const array = group.slice(from, from + cluster.array.size).filter((task) => this.#tasks.has(task));
        try {
          if (array.length > 0) await this.#submitArray(array);
        } catch (error) {
          for (const task of array) this.#fail(task, error);
        }
      }
    }
  }

  async #submitArray(tasks: readonly Task[]): Promise<void> {
    const { store, root, cluster, detach } = this.#options;
    const batch = crypto.randomUUID();
    const secret = this.#courier && Courier.secret();
    for (const [index, task] of tasks.entries()) {
      const more = { batch, index, secret: secret ?? "", array: undefined, ended: undefined };
      Object.assign(task, { ...more, attempts: task.attempts + 1 });
      const files = await this.#filesOf(task.job);
      // Before Slurm knows of it: who comes after a process that is killed here finds what it may have submitted.
      task.mailbox.handover = { batch, index, secret, root, files, job: task.job };
    }
    if (secret) await this.#send(tasks, secret);
    const { url, authorization } = this.#options.server ?? {};
    const array: Batch = {
      batch,
      ids: tasks.map(({ job }) => job.id),
      store: store.folder,
      root,
      mail: secret && url ? { url: url.href, authorization, secret } : undefined,
    };
    const first = tasks[0]!.job;
    const args = [...submitOptions(cluster, first), ...arrayOptions(cluster, array)];
    const id = await this.#sbatch(args, batchScript(cluster, array), batch, first);
    for (const task of tasks) {
      task.array = id;
      task.since = performance.now();
      if (detach) task.settle.reject(new NotAwaited(task.job.manifest.stage));
    }
  }

  /** The files of a job's code, to be compared where a node has a project of its own. */
  async #filesOf({ code, places }: Job): Promise<Record<string, string>> {
    const { store, root, cluster } = this.#options;
    if (cluster.project === undefined) return {};
    const files: Record<string, string> = {};
    for (const path of Object.keys(code.modules)) {
      files[path] = await store.digests.digest(pathOf(path, root, places));
    }
    return files;
  }

  async #send(tasks: readonly Task[], secret: string): Promise<void> {
    try {
      await Promise.all(tasks.map(({ job }) => this.#courier!.sendJob(job.id, secret)));
    } catch (error) {
      if (!(error instanceof RemoteProblem)) throw error;
      throw new UserError(`Cannot hand stages over: the remote cache was of no use, ${error.message}`, {
        notes: ["Jobs go by it to nodes that see no store. Run again when it can be reached."],
      });
    }
  }

  /** The result of a job, if it is there with its outputs. */
  async #result({ mailbox, batch, job, secret }: Task): Promise<NodeResult | undefined> {
    try {
      await this.#courier?.receiveResult(job.id, secret);
    } catch (error) {
      if (!(error instanceof RemoteProblem)) throw error;
      this.#options.onNotice(`The result of a job could not be fetched: ${error.message}`);
      return undefined;
    }
    return await mailbox.result(batch);
  }

  /** Submits once, however often it must be tried. @returns the id of the array @throws {UserError} where Slurm refuses */
  async #sbatch(args: readonly string[], script: string, batch: string, job: Job): Promise<string> {
    while (true) {
      try {
        return await this.#controller.submit(args, script);
      } catch (error) {
        if (error instanceof Refused) {
          throw await submitRefusal(error, this.#options.cluster, this.#controller, job);
        }
        if (!(error instanceof ControllerSilent)) throw error;
        this.#saySilent(error);
      }
      await this.#wait(this.#silenceMs);
      // It may have taken the array and not have come to say so.
      const found = (await this.#queue())?.find(({ comment }) => comment === COMMENT + batch);
      if (found) return found.array;
      if (this.#farewell) throw new ControllerSilent("interrupted");
    }
  }

  #watch(): void {
    this.#watching ??= this.#look().catch((error) => {
      for (const task of this.#tasks) this.#fail(task, error);
    }).finally(() => this.#watching = undefined);
  }

  /** Looks at the queue as long as there are tasks. */
  async #look(): Promise<void> {
    while (this.#tasks.size > 0 && !this.#farewell) {
      const rows = await this.#queue();
      if (rows && !this.#farewell) await this.#update(rows);
      if (this.#tasks.size === 0) break;
      const patience = SHORTEST_WAIT_MS + WAIT_MS_PER_JOB * this.#tasks.size;
      await this.#wait(rows ? Math.min(LONGEST_WAIT_MS, patience) : this.#silenceMs);
    }
  }

  /** What Slurm knows, or undefined where it does not answer. */
  async #queue(): Promise<QueueRow[] | undefined> {
    try {
      const rows = await this.#controller.queue();
      if (this.#isSilent) this.#options.onNotice("The Slurm controller answers again.");
      this.#isSilent = false;
      return rows;
    } catch (error) {
      if (!(error instanceof ControllerSilent)) throw error;
      this.#saySilent(error);
      return undefined;
    }
  }

  #saySilent({ message }: ControllerSilent): void {
    if (!this.#isSilent) {
      this.#options.onNotice(
        `The Slurm controller does not answer (${message}). Jobs go on; it is asked again every ${
          this.#silenceMs / 1000
        } s.`,
      );
    }
    this.#isSilent = true;
  }

  async #update(rows: readonly QueueRow[]): Promise<void> {
    const rowOf = new Map(rows.map((row) => [`${row.comment} ${row.index}`, row]));
    const running: Task[] = [];
    const anew: Task[] = [];
    const held: QueueRow[] = [];
    for (const task of this.#tasks) {
      if (task.batch === "") continue;
      const row = rowOf.get(`${COMMENT}${task.batch} ${task.index}`);
      if (row) {
        task.array = row.array;
        if (isHopeless(row)) {
          await this.#controller.cancel([row.id]);
          this.#fail(task, endingOf(this.#options.cluster, task.job, row, undefined, "").error);
          continue;
        }
        if (isAlive(row)) {
          if (this.#options.detach) task.settle.reject(new NotAwaited(task.job.manifest.stage));
          else if (row.state === "PENDING") {
            tellQueued(task, row);
            if (row.reason === HELD) held.push(row);
          } else running.push(task);
          continue;
        }
      } else if (performance.now() - task.since < LOST_AFTER_MS) continue;
      const result = await this.#result(task);
      if (result) this.#finish(task, result);
      else if (await this.#isToBeSubmittedAnew(task, row)) anew.push(task);
    }
    for (let i = 0; i < Math.min(MOST_STATUS_FILES, running.length); i++) {
      const task = running[this.#turn++ % running.length]!;
      await this.#courier?.receiveStatus(task.job.id, task.secret).catch(() => {}); // it is told at the next look
      tellProgress(task);
    }
    if (held.length > 0) await this.#controller.startNow(held.map(({ id }) => id));
    if (anew.length > 0) await this.#submit(anew);
  }

  #finish(task: Task, { node, facts, failure }: NodeResult): void {
    tellProgress(task);
    removeIfPresent(this.#log(task));
    if (!facts) {
      const { message, place, notes = [] } = failure ?? { message: "its result says nothing" };
      task.observer.onNotice(`It failed on node ${node}, as job ${task.array}_${task.index}.`);
      this.#fail(task, new UserError(message, { place, notes }));
      return;
    }
    tellNotices(task, facts.notices);
    task.settle.resolve(facts);
  }

  /** A job has ended, or is gone, without a result. */
  async #isToBeSubmittedAnew(task: Task, row: QueueRow | undefined): Promise<boolean> {
    const exitStatus = row && await this.#controller.exitStatus(row.id);
    task.ended ??= performance.now();
    if (mayStillSay(row, exitStatus) && performance.now() - task.ended < LAG_MS) return false;
    const log = readTextIfPresent(this.#log(task)) ?? "";
    const { error, again } = endingOf(this.#options.cluster, task.job, row, exitStatus, log);
    if (!again || task.attempts >= MOST_ATTEMPTS) {
      this.#fail(task, error);
      return false;
    }
    task.observer.onNotice(`${error.message}. It is submitted again.`);
    return true;
  }

  #fail(task: Task, error: unknown): void {
    this.#options.store.abandon(task.job.id);
    task.settle.reject(error);
  }

  #log({ array, index }: Task): string {
    return `${this.#options.store.folder}/logs/slurm-${array}_${index}.log`;
  }

  /** This process is asked to end: its jobs go on, or end with it. */
  async #interrupt(task: Task, reason: unknown): Promise<void> {
    const { onInterrupt } = this.#options;
    this.#farewell ??= onInterrupt(this.#tasks.size).then((farewell) =>
      farewell === "cancel" ? this.#cancel([...this.#tasks]) : undefined
    );
    await this.#farewell.catch((error) =>
      this.#options.onNotice(`Jobs could not be cancelled: ${error.message}`)
    );
    task.settle.reject(reason);
  }

  async #cancel(tasks: readonly Task[]): Promise<void> {
    const batches = new Set(tasks.map(({ batch }) => COMMENT + batch));
    const deadline = performance.now() + ENDING_MS;
    for (let isFirst = true; performance.now() < deadline; isFirst = false) {
      const alive = (await this.#controller.queue()).filter((row) =>
        batches.has(row.comment) && isAlive(row)
      );
      if (alive.length === 0) break;
      if (isFirst) await this.#controller.cancel(alive.map(({ id }) => id));
      await new Promise((resolve) => setTimeout(resolve, SHORTEST_WAIT_MS / 4));
    }
    for (const { job } of tasks) this.#options.store.abandon(job.id);
  }

  /** Waits, or until there is nothing left to wait for. */
  async #wait(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}

function start(task: Task): void {
  if (!task.hasStarted) task.observer.onStart();
  task.hasStarted = true;
}

function tellQueued(task: Task, { id, reason }: QueueRow): void {
  if (task.queued === reason) return;
  task.queued = reason;
  task.observer.onQueue(`job ${id}${reason === "None" ? "" : `, ${reason}`}`);
}

function tellProgress(task: Task): void {
  start(task);
  const { status } = task.mailbox;
  if (status?.batch !== task.batch) return;
  tellNotices(task, status.notices);
  if (status.progress) task.observer.onProgress(status.progress);
}

function tellNotices(task: Task, notices: readonly string[]): void {
  for (const notice of notices.slice(task.notices)) task.observer.onNotice(notice);
  task.notices = Math.max(task.notices, notices.length);
}

/** A stage that needs a network is run where there is one; to start Deno is to fetch packages. */
function asksForNetwork({ permissions: { net = [], run = [] } }: Job): boolean {
  return net.length > 0 || run.includes("deno");
}
