import { UserError } from "../../../base/errors.ts";
import { entriesOf, readTextIfPresent, removeIfPresent } from "../../../store/disk.ts";
import type { ExecutionFacts } from "../../../store/record.ts";
import { RemoteProblem } from "../../../store/transfer.ts";
import { type Executor, type Job, type JobObserver, NotAwaited } from "../executor.ts";
import { Controller, type QueueRow } from "./controller.ts";
import { Courier } from "./courier.ts";
import { endingOf, isAlive, isHopeless, mayStillSay } from "./endings.ts";
import type { NodeResult } from "./handover.ts";
import { Patience } from "./patience.ts";
import { COMMENT } from "./script.ts";
import { Submission, type SubmissionOptions } from "./submission.ts";
import { SlurmTask } from "./task.ts";

/** What becomes of jobs when the process is interrupted that handed them over. */
export type Farewell = "leave" | "cancel";

/** What a `SlurmExecutor` works with. */
export interface SlurmExecutorOptions extends SubmissionOptions {
  /** Executes what is not for a cluster: what fetches from a network that nodes seldom have. */
  readonly here: Executor;
  /** Asked once, when this process is interrupted. @param jobs how many are handed over */
  readonly onInterrupt: (jobs: number) => Promise<Farewell>;
  /** Told what concerns no single job: that the controller is silent. */
  readonly onNotice: (text: string) => void;
  readonly controller?: Controller;
  /** How often a silent controller is asked. */
  readonly silenceMs?: number;
}

/** More jobs than any cluster takes from one user; those beyond wait in this process. */
const MOST_JOBS = 10_000;
/** Jobs that come within this time of each other go together. */
const GATHER_MS = 50;
/** Milliseconds from one look at the queue to the next, with few jobs and with many. */
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
const WAIT_MS_PER_JOB = 10;
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
  readonly #patience: Patience;
  readonly #submission: Submission;
  readonly #courier: Courier | undefined;
  readonly #tasks = new Set<SlurmTask>();
  /** Tasks that are to be submitted. */
  #gathered: SlurmTask[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #watching: Promise<void> | undefined;
  #farewell: Promise<void> | undefined;
  #turn = 0;

  constructor(options: SlurmExecutorOptions) {
    const { store, server, controller = new Controller(), onNotice, silenceMs } = options;
    this.#options = options;
    this.#controller = controller;
    this.#patience = new Patience({ controller, onNotice, silenceMs });
    this.#courier = server && new Courier(store, server);
    this.#submission = new Submission(options, controller, this.#patience, this.#courier);
  }

  async execute(job: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts> {
    signal.throwIfAborted();
    const { store, cluster, here } = this.#options;
    const where = cluster.stages[job.manifest.stage]?.where ?? (asksForNetwork(job) ? "here" : "cluster");
    if (where === "here") return await here.execute(job, observer, signal);

    const task = new SlurmTask(store, job, observer);
    const interrupt = () => void this.#interrupt(task, signal.reason);
    signal.addEventListener("abort", interrupt, { once: true });
    try {
      this.#tasks.add(task);
      if (task.adopt()) {
        const result = await this.#result(task);
        if (result) this.#finish(task, result);
        else this.#watch();
      } else this.#gather(task);
      return await task.settle.promise;
    } finally {
      this.#tasks.delete(task);
      if (this.#tasks.size === 0) this.#patience.wake();
      signal.removeEventListener("abort", interrupt);
    }
  }

  #gather(task: SlurmTask): void {
    this.#gathered.push(task);
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => {
      const tasks = this.#gathered;
      this.#gathered = [];
      this.#submit(tasks).then(() => this.#watch());
    }, GATHER_MS);
  }

  #submit(tasks: readonly SlurmTask[]): Promise<void> {
    // Once this process is to end, a silent controller is asked no more; what it took is found by the next run.
    const isWanted = (task: SlurmTask) => this.#tasks.has(task) && !this.#farewell;
    return this.#submission.submit(tasks, isWanted, (task, error) => this.#fail(task, error));
  }

  /** The result of a job, if it is there with its outputs. */
  async #result({ mailbox, batch, job, secret }: SlurmTask): Promise<NodeResult | undefined> {
    try {
      await this.#courier?.receiveResult(job.id, secret);
    } catch (error) {
      if (!(error instanceof RemoteProblem)) throw error;
      this.#options.onNotice(`The result of a job could not be fetched: ${error.message}`);
      return undefined;
    }
    return await mailbox.result(batch);
  }

  #watch(): void {
    this.#watching ??= this.#look().catch((error) => {
      for (const task of this.#tasks) this.#fail(task, error);
    }).finally(() => this.#watching = undefined);
  }

  /** Looks at the queue as long as there are tasks. */
  async #look(): Promise<void> {
    while (this.#tasks.size > 0 && !this.#farewell) {
      const rows = await this.#patience.queue();
      if (rows && !this.#farewell) await this.#update(rows);
      if (this.#tasks.size === 0) break;
      const most = SHORTEST_WAIT_MS + WAIT_MS_PER_JOB * this.#tasks.size;
      await this.#patience.wait(rows ? Math.min(LONGEST_WAIT_MS, most) : this.#patience.silenceMs);
    }
  }

  async #update(rows: readonly QueueRow[]): Promise<void> {
    const rowOf = new Map(rows.map((row) => [`${row.comment} ${row.index}`, row]));
    const running: { task: SlurmTask; node: string }[] = [];
    const anew: SlurmTask[] = [];
    const held: QueueRow[] = [];
    for (const task of this.#tasks) {
      if (task.batch === "") continue;
      const row = rowOf.get(`${COMMENT}${task.batch} ${task.index}`);
      if (row) {
        task.array = row.array;
        if (isHopeless(row)) {
          await this.#controller.cancel([row.id]);
          this.#fail(task, endingOf(this.#options.cluster, task.job, { row }).error);
          continue;
        }
        if (isAlive(row)) {
          if (this.#options.detach) task.settle.reject(new NotAwaited(task.job.manifest.stage));
          else if (row.state === "PENDING") {
            task.tellQueued(row);
            if (row.reason === HELD) held.push(row);
          } else running.push({ task, node: row.node });
          continue;
        }
      } else if (performance.now() - task.since < LOST_AFTER_MS) continue;
      const result = await this.#result(task);
      if (result) this.#finish(task, result);
      else if (await this.#isToBeSubmittedAnew(task, row)) anew.push(task);
    }
    for (let i = 0; i < Math.min(MOST_STATUS_FILES, running.length); i++) {
      const { task, node } = running[this.#turn++ % running.length]!;
      await this.#courier?.receiveStatus(task.job.id, task.secret).catch(() => {}); // it is told at the next look
      task.tellProgress(node);
    }
    if (held.length > 0) await this.#controller.startNow(held.map(({ id }) => id));
    if (anew.length > 0) await this.#submit(anew);
  }

  #finish(task: SlurmTask, { node, facts, failure }: NodeResult): void {
    task.tellProgress(node);
    removeIfPresent(this.#log(task));
    if (!facts) {
      const { message, place, notes = [] } = failure ?? { message: "its result says nothing" };
      task.observer.onNotice(`It failed on node ${node}, as job ${task.array}_${task.index}.`);
      this.#fail(task, new UserError(message, { place, notes }));
      return;
    }
    task.tellNotices(facts.notices);
    task.settle.resolve(facts);
  }

  /** A job has ended, or is gone, without a result. */
  async #isToBeSubmittedAnew(task: SlurmTask, row: QueueRow | undefined): Promise<boolean> {
    const exitStatus = row && await this.#controller.exitStatus(row.id);
    task.ended ??= performance.now();
    if (mayStillSay(row, exitStatus) && performance.now() - task.ended < LAG_MS) return false;
    const { cluster, store } = this.#options;
    const { error, again } = endingOf(cluster, task.job, {
      row,
      exitStatus,
      log: readTextIfPresent(this.#log(task)) ?? "",
      hasCheckpoint: entriesOf(store.workplace(task.job.id).scratch).length > 0,
    });
    if (!again || task.attempts >= MOST_ATTEMPTS) {
      this.#fail(task, error);
      return false;
    }
    task.observer.onNotice(`${error.message}. It is submitted again.`);
    return true;
  }

  #fail(task: SlurmTask, error: unknown): void {
    this.#options.store.abandon(task.job.id);
    task.settle.reject(error);
  }

  #log({ array, index }: SlurmTask): string {
    return `${this.#options.store.folder}/logs/slurm-${array}_${index}.log`;
  }

  /** This process is asked to end: its jobs go on, or end with it. */
  async #interrupt(task: SlurmTask, reason: unknown): Promise<void> {
    const { onInterrupt } = this.#options;
    this.#farewell ??= onInterrupt(this.#tasks.size).then((farewell) =>
      farewell === "cancel" ? this.#cancel([...this.#tasks]) : undefined
    );
    await this.#farewell.catch((error) =>
      this.#options.onNotice(`Jobs could not be cancelled: ${error.message}`)
    );
    task.settle.reject(reason);
  }

  async #cancel(tasks: readonly SlurmTask[]): Promise<void> {
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
}

/** A stage that needs a network is run where there is one; to start Deno is to fetch packages. */
function asksForNetwork({ permissions: { net = [], run = [] } }: Job): boolean {
  return net.length > 0 || run.includes("deno");
}
