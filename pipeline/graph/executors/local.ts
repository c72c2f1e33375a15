import type { ExecutionFacts } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";
import { verifyInputs } from "../inputs.ts";
import { DEFAULT_RESOURCES } from "../stage.ts";
import { runWorker } from "../worker/process.ts";
import { assignmentOf } from "./assignment.ts";
import type { Executor, Job, JobObserver } from "./executor.ts";
import { InstalledPackages } from "./installed_packages.ts";

/** What a `LocalExecutor` works with. */
export interface LocalExecutorOptions {
  readonly store: Store;
  /** The folder of `deno.json`. */
  readonly root: string;
  /** How many jobs run at the same time; see `localSlots`. */
  readonly slots: number;
}

/** Executes jobs on this machine, each in a process of its own that ends with this one. */
export class LocalExecutor implements Executor {
  readonly slots: number;
  readonly #store: Store;
  readonly #root: string;
  readonly #packages: InstalledPackages;

  constructor({ store, root, slots }: LocalExecutorOptions) {
    this.slots = slots;
    this.#store = store;
    this.#root = root;
    this.#packages = new InstalledPackages(store, root);
  }

  async execute(job: Job, observer: JobObserver, signal: AbortSignal): Promise<ExecutionFacts> {
    signal.throwIfAborted();
    const { stage } = job.manifest;
    await verifyInputs(this.#store, job.manifest);
    await this.#packages.verify(stage, job.code);
    this.#store.openWorkplace(job.id);
    try {
      const { assignment, sandbox } = assignmentOf(job, this.#store, this.#root);
      observer.onStart();
      return await runWorker(assignment, sandbox, {
        module: job.code.entry,
        logPath: `${this.#store.folder}/logs/${stage}-${job.id.slice(0, 12)}.log`,
        onProgress: (event) => observer.onProgress(event),
        onNotice: (message) => observer.onNotice(message),
      }, signal);
    } catch (error) {
      this.#store.abandon(job.id);
      throw error;
    }
  }
}

/**
 * How many jobs this machine takes at once: one for each core, as far as memory goes, and always one. A stage on two
 * threads is counted as one on one: two of them at once on one core each get at least as far as in turn on both, and
 * stages that use one thread leave no core idle (bench/README.md has the numbers).
 */
export function localSlots(cores: number, availableBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(availableBytes / DEFAULT_RESOURCES.memoryBytes)));
}
