import type { ExecutionFacts } from "../../../store/record.ts";
import type { Store } from "../../../store/store.ts";
import type { Job, JobObserver } from "../executor.ts";
import type { QueueRow } from "./controller.ts";
import { Mailbox } from "./handover.ts";
import { waitInWords } from "./waiting.ts";

/** A job on its way through the cluster: where it is, and what was told of it. */
export class SlurmTask {
  readonly job: Job;
  readonly mailbox: Mailbox;
  readonly observer: JobObserver;
  readonly settle = Promise.withResolvers<ExecutionFacts>();
  /** Names its submission; "" before there is one. */
  batch = "";
  /** Its number in the array. */
  index = 0;
  secret = "";
  /** Its array in Slurm, once that is known. */
  array: string | undefined;
  /** When it was handed over, or found to be. */
  since = performance.now();
  /** When it was first seen to have ended without a result. */
  ended: number | undefined;
  attempts = 0;
  #hasStarted = false;
  /** Why it was last said to wait, and how many of its notices were told. */
  #queued = "";
  #notices = 0;

  constructor(store: Store, job: Job, observer: JobObserver) {
    this.job = job;
    this.mailbox = new Mailbox(store, job.id);
    this.observer = observer;
    this.settle.promise.catch(() => {}); // told where it is awaited, also where it fails before
  }

  /** Takes up what a process handed over that is no more. @returns whether there is such a thing */
  adopt(): boolean {
    const { handover } = this.mailbox;
    if (!handover) return false;
    ({ batch: this.batch, index: this.index, secret: this.secret = "" } = handover);
    this.attempts = 1;
    return true;
  }

  tellQueued({ id, reason }: QueueRow): void {
    if (this.#queued === reason && !this.#hasStarted) return;
    this.#queued = reason;
    this.#hasStarted = false; // one that was preempted is back in the queue
    this.observer.onQueue(`job ${id}${reason === "None" ? "" : `, ${waitInWords(reason)}`}`);
  }

  /** @param node where it is */
  tellProgress(node: string): void {
    if (!this.#hasStarted) this.observer.onStart(`node ${node}, job ${this.array}_${this.index}`);
    this.#hasStarted = true;
    const { status } = this.mailbox;
    if (status?.batch !== this.batch) return;
    this.tellNotices(status.notices);
    if (status.progress) this.observer.onProgress(status.progress);
  }

  tellNotices(notices: readonly string[]): void {
    for (const notice of notices.slice(this.#notices)) this.observer.onNotice(notice);
    this.#notices = Math.max(this.#notices, notices.length);
  }
}
