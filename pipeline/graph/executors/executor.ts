import type { Json } from "../../base/json.ts";
import type { Progress } from "../../base/progress.ts";
import type { CodeManifest, ExecutionFacts, KeyManifest } from "../../store/record.ts";
import type { StagePermissions, StageResources } from "../stage.ts";

/**
 * One execution of a stage, described without a word about where: it is JSON, inputs are digests, and code is named
 * from the project's root. Only `permissions` may name places outside the store and the project.
 */
export interface Job {
  /** Names the job's workplace in the store, in every process that wants the same execution. */
  readonly id: string;
  /** The stage's name, its slice, its inputs by digest. */
  readonly manifest: KeyManifest;
  /** The modules to run, and the files that they may read. */
  readonly code: CodeManifest;
  /** Folders of the modules of a user's, by role: the only places on this machine that a job names. */
  readonly places: Readonly<Record<string, string>>;
  readonly passthrough: Json;
  readonly permissions: StagePermissions;
  readonly resources: StageResources;
  /** Jobs of a higher one go first: they are nearer to their report. */
  readonly rank: number;
}

/** Told how a job goes. */
export interface JobObserver {
  /** It waits in the queue of a cluster. @param text what it waits for, in the cluster's words */
  onQueue(text: string): void;
  /**
   * It begins to run, which may be long after it was handed over. Called before progress and notices, and again where
   * it went back into the queue.
   * @param on the node of a cluster, and the job that it is there
   */
  onStart(on?: string): void;
  onProgress(event: Progress): void;
  onNotice(message: string): void;
}

/** A job was handed over and goes on, and nobody waits for it: the next run takes its result. */
export class NotAwaited extends Error {
  constructor(stage: string) {
    super(`Stage ${stage} was handed over and is not waited for`);
  }
}

/**
 * Somewhere to execute jobs: this machine, a cluster. Whoever plans and runs stages knows no more of it.
 *
 * A job's inputs are in the store before it is handed over, and are read whole by who executes it (`verifyInputs`):
 * what a disk has damaged since must not become the result of what it was. After its success, its outputs are in its workplace
 * (`Store.workplace`), for the caller to collect and clear. After a failure, nothing but checkpoints is in there,
 * from which the next job of the same id goes on. A job that an executor finds queued, running or finished, because
 * the process that handed it over is no more, is taken up again and not executed twice.
 *
 * The caller holds the lock of the job's id in the store.
 */
export interface Executor {
  /** How many jobs it takes at the same time; the caller keeps the others waiting. */
  readonly slots: number;
  /**
   * @param signal ends the job
   * @throws {UserError} where the stage fails or its process is lost
   * @throws {NotAwaited} where it goes on without this process
   * @throws the reason of `signal`
   */
  execute(job: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts>;
}
