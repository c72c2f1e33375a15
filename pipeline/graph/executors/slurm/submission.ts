import { UserError } from "../../../base/errors.ts";
import type { Store } from "../../../store/store.ts";
import { RemoteProblem, type RemoteServer } from "../../../store/transfer.ts";
import { pathOf } from "../../code.ts";
import { type Job, NotAwaited } from "../executor.ts";
import type { Cluster } from "./cluster.ts";
import { type Controller, Refused } from "./controller.ts";
import { Courier } from "./courier.ts";
import { submitRefusal } from "./endings.ts";
import type { Patience } from "./patience.ts";
import { arrayOptions, type Batch, batchScript, submitOptions } from "./script.ts";
import type { SlurmTask } from "./task.ts";

/** What is handed over, and to where. */
export interface SubmissionOptions {
  readonly store: Store;
  /** The folder of `deno.json`. */
  readonly root: string;
  readonly cluster: Cluster;
  /** The server that carries letters, where nodes see no store. */
  readonly server?: RemoteServer | undefined;
  /** Hand jobs over, and wait for none. */
  readonly detach?: boolean;
}

/** Hands tasks over to Slurm, those that ask for the same as arrays. */
export class Submission {
  readonly #options: SubmissionOptions;
  readonly #controller: Controller;
  readonly #patience: Patience;
  readonly #courier: Courier | undefined;

  constructor(
    options: SubmissionOptions,
    controller: Controller,
    patience: Patience,
    courier: Courier | undefined,
  ) {
    this.#options = options;
    this.#controller = controller;
    this.#patience = patience;
    this.#courier = courier;
  }

  /**
   * @param isWanted whether somebody still waits for a task
   * @param onFailure told of the tasks that could not be handed over
   */
  async submit(
    tasks: readonly SlurmTask[],
    isWanted: (task: SlurmTask) => boolean,
    onFailure: (task: SlurmTask, error: unknown) => void,
  ): Promise<void> {
    const { cluster } = this.#options;
    const alike = Map.groupBy(tasks, ({ job }) => JSON.stringify(submitOptions(cluster, job)));
    for (const group of alike.values()) {
      for (let from = 0; from < group.length; from += cluster.array.size) {
        const array = group.slice(from, from + cluster.array.size).filter(isWanted);
        try {
          if (array.length > 0) await this.#submitArray(array, () => !array.some(isWanted));
        } catch (error) {
          for (const task of array) onFailure(task, error);
        }
      }
    }
  }

  async #submitArray(tasks: readonly SlurmTask[], isGivenUp: () => boolean): Promise<void> {
    const { store, root, server, detach } = this.#options;
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
    const array: Batch = {
      batch,
      ids: tasks.map(({ job }) => job.id),
      store: store.folder,
      root,
      mail: secret && server
        ? { url: server.url.href, authorization: server.authorization, secret }
        : undefined,
    };
    const id = await this.#sbatch(array, tasks[0]!.job, isGivenUp);
    for (const task of tasks) {
      task.array = id;
      task.since = performance.now();
      if (detach) task.settle.reject(new NotAwaited(task.job.manifest.stage));
    }
  }

  /** @returns the id of the array in Slurm @throws {UserError} where Slurm refuses it */
  async #sbatch(array: Batch, first: Job, isGivenUp: () => boolean): Promise<string> {
    const { cluster } = this.#options;
    const args = [...submitOptions(cluster, first), ...arrayOptions(cluster, array)];
    try {
      return await this.#patience.submit(args, batchScript(cluster, array), array.batch, isGivenUp);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw await submitRefusal(error, cluster, this.#controller, first);
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

  async #send(tasks: readonly SlurmTask[], secret: string): Promise<void> {
    try {
      await Promise.all(tasks.map(({ job }) => this.#courier!.sendJob(job.id, secret)));
    } catch (error) {
      if (!(error instanceof RemoteProblem)) throw error;
      throw new UserError(`Cannot hand stages over: the remote cache was of no use, ${error.message}`, {
        notes: ["Jobs go by it to nodes that see no store. Run again when it can be reached."],
      });
    }
  }
}
