import { assignmentOf } from "../../../pipeline/graph/executors/assignment.ts";
import type { Executor, Job, JobObserver } from "../../../pipeline/graph/executors/executor.ts";
import type { StageModule } from "../../../pipeline/graph/stage.ts";
import { failureMessage, stageContext } from "../../../pipeline/graph/worker/context.ts";
import { encodeMessage, type Message } from "../../../pipeline/graph/worker/protocol.ts";
import { Transcript } from "../../../pipeline/graph/worker/transcript.ts";
import type { ExecutionFacts } from "../../../pipeline/store/record.ts";
import type { Store } from "../../../pipeline/store/store.ts";

export interface FakeOptions {
  readonly slots?: number;
  /** Called with each job before it begins, as a cluster's queue would hold it: to wait in, or to throw. */
  readonly queue?: (job: Job) => Promise<void> | void;
}

/** Where the fake's jobs run, to tell them from this machine. */
export const FAKE_MACHINE = { node: "fake-1", cores: 1024 };

/**
 * Executes jobs inside this process, without a sandbox: as fast as the stages are. A job reaches its stage as JSON, as
 * it would reach another machine.
 */
export class FakeExecutor implements Executor {
  readonly slots: number;
  /** All jobs that were handed over, in order. */
  readonly jobs: Job[] = [];
  /** How many ran at the same time, at most. */
  mostAtOnce = 0;
  #running = 0;

  constructor(readonly store: Store, readonly root: string, readonly options: FakeOptions = {}) {
    this.slots = options.slots ?? 1;
  }

  async execute(given: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts> {
    const job: Job = JSON.parse(JSON.stringify(given));
    this.jobs.push(job);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#running);
    try {
      await this.options.queue?.(job);
      signal.throwIfAborted();
      return await this.#run(job, observer, signal);
    } catch (error) {
      this.store.abandon(job.id);
      throw error;
    } finally {
      this.#running--;
    }
  }

  async #run(job: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts> {
    this.store.openWorkplace(job.id);
    const { assignment } = assignmentOf(job, this.store, this.root);
    const transcript = new Transcript({
      stage: assignment.stage,
      module: job.code.entry,
      logPath: `${this.store.folder}/logs/fake.log`,
      onProgress: (event) => observer.onProgress(event),
      onNotice: (message) => observer.onNotice(message),
    });
    const tell = (message: Message) => transcript.addLine(encodeMessage(message).trim());
    observer.onStart();
    const started = new Date().toISOString();
    try {
      const { run }: StageModule = await import(assignment.module);
      await run(stageContext(assignment, signal, tell, Infinity));
      tell({ type: "done", started, seconds: 0.5, machine: FAKE_MACHINE });
    } catch (error) {
      signal.throwIfAborted();
      tell(failureMessage(error));
    }
    signal.throwIfAborted();
    return await transcript.end({ code: 0, signal: null });
  }
}
