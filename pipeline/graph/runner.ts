import { UserError } from "../base/errors.ts";
import { Slots } from "../base/slots.ts";
import { onDisk } from "../store/disk.ts";
import type { RemoteCache } from "../store/remote.ts";
import type { Store, Workplace } from "../store/store.ts";
import { CodeHasher } from "./code.ts";
import type { Reason, RunEvent } from "./events.ts";
import { differences, inWords } from "./explain.ts";
import { machine } from "./machine.ts";
import { modulesOf, Planner, type Result, resultOf, type Task, upstream, type Workflow } from "./plan.ts";
import type { StageDeclaration } from "./stage.ts";
import type { ActionRecord } from "../store/record.ts";
import { runWorker, type WorkerResult } from "./worker/process.ts";

export interface RunnerOptions<Spec> {
  readonly store: Store;
  /** The folder of `deno.json` and `deno.lock`. */
  readonly root: string;
  /** Each stage after those that it reads. */
  readonly declarations: readonly StageDeclaration<Spec>[];
  /** Stages that run at the same time. */
  readonly jobs?: number;
  /** After a failure, go on with all that does not depend on it. */
  readonly keepGoing?: boolean;
  /** Where results are looked for that the store does not have, and sent to. */
  readonly remote?: RemoteCache | undefined;
  /** Nothing may be executed: makes the error for a stage that would have to be. */
  readonly frozen?: ((task: Task<Spec>, reason: Reason) => UserError) | undefined;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

type ResultOf = (stage: string) => Promise<Result>;

/** Takes workflows through their stages, and executes only those whose result the store does not hold. */
export class Runner<Spec> {
  readonly planner: Planner<Spec>;
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #emit: (event: RunEvent) => void;
  readonly #slots: Slots;
  readonly #keepGoing: boolean;
  readonly #remote: RemoteCache | undefined;
  readonly #frozen: RunnerOptions<Spec>["frozen"];
  /** Keys that this process works on: workflows that share a stage execute it once. */
  readonly #running = new Map<string, Promise<ActionRecord>>();
  /** Digests of code manifests that are in the store: a sweep's cells have them in common. */
  readonly #keptCode = new Set<string>();
  #failure: unknown;

  constructor(
    { store, root, declarations, jobs = 1, keepGoing = false, remote, frozen, signal, onEvent }:
      RunnerOptions<Spec>,
  ) {
    this.#signal = signal ?? new AbortController().signal;
    this.planner = new Planner(
      declarations,
      store,
      root,
      remote && ((key, stage) => remote.peek(key, stage, this.#signal)),
    );
    this.#store = store;
    this.#remote = remote;
    this.#frozen = frozen;
    this.#emit = onEvent ?? (() => {});
    this.#slots = new Slots(jobs);
    this.#keepGoing = keepGoing;
  }

  /**
   * Brings every stage to a result. After the first failure no stage is started any more, also of other
   * workflows unless `keepGoing`; those that run are brought to their end.
   * @throws {UserError} of the stage that failed
   */
  async run(workflow: Workflow<Spec>): Promise<ReadonlyMap<string, Result>> {
    const promises = new Map<string, Promise<Result>>();
    for (const declaration of this.planner.declarations) {
      promises.set(declaration.name, this.#bringAbout(declaration, workflow, promises));
    }
    await Promise.allSettled(promises.values());
    const results = new Map<string, Result>();
    for (const [stage, promise] of promises) results.set(stage, await promise);
    return results;
  }

  /**
   * Executes a stage again from the inputs that the store holds, whatever it holds of the stage itself, and
   * lets `use` look at the outputs before they are thrown away.
   * @param results of all stages before it
   */
  async again(
    stage: string,
    workflow: Workflow<Spec>,
    results: ReadonlyMap<string, Result>,
    use: (outputFolder: string) => Promise<void>,
  ): Promise<void> {
    const records = new Map([...results].map(([name, { record }]) => [name, record]));
    const task = await this.planner.task(this.planner.declaration(stage), workflow, records);
    const name = `${task.key}-again`;
    using _lock = await this.#store.lock(name, this.#sayWaiting(task), this.#signal);
    this.#store.clear(name);
    try {
      const place = this.#store.workplace(name);
      await this.#execute(task, (input) => Promise.resolve(results.get(input)!), place);
      await use(place.output);
    } finally {
      this.#store.clear(name);
    }
  }

  /** Keeps what was learnt of files and code for the next process. */
  async finish(): Promise<void> {
    try {
      await onDisk("Cannot keep what is known of the code", () => this.planner.code.save());
      await this.#store.saveMemo();
    } catch (error) {
      // It costs the next run some time, and must not hide why this one failed.
      if (!(error instanceof UserError)) throw error;
    }
  }

  async #bringAbout(
    declaration: StageDeclaration<Spec>,
    workflow: Workflow<Spec>,
    promises: ReadonlyMap<string, Promise<Result>>,
  ): Promise<Result> {
    const before: ResultOf = (stage) => {
      const promise = promises.get(stage);
      if (!promise) {
        throw new Error(`Stage ${declaration.name} reads ${stage}, which is not declared before it`);
      }
      return promise;
    };
    const records = new Map<string, ActionRecord>();
    for (const stage of upstream(declaration, workflow.spec)) {
      records.set(stage, (await before(stage)).record);
    }
    const task = await this.planner.task(declaration, workflow, records);

    let outcome = "cached" as "cached" | "fetched" | "ran";
    let running = this.#running.get(task.key);
    if (!running) {
      const { record } = await this.#store.lookup(task.key);
      running = this.#running.get(task.key) ??
        (record
          ? Promise.resolve(record)
          // A workflow that is nearly done is finished before another is begun.
          : this.#slots.use(
            () => this.#produce(task, before, (how) => outcome = how),
            this.planner.declarations.indexOf(declaration),
          ));
      this.#running.set(task.key, running);
    }
    try {
      const record = await running;
      if (outcome !== "ran") {
        this.#emit({ type: "cached", ...where(task), from: outcome === "fetched" ? "remote" : "store" });
        await onDisk("Cannot use the result of a stage", () => this.#store.touch(task.key));
      }
      await onDisk("Cannot keep what a stage's key stands for", () => this.#keepManifests(task));
      await this.#remember(task, outcome === "ran" ? "ran" : "cached");
      return resultOf(task, record);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  async #produce(
    task: Task<Spec>,
    resultBefore: ResultOf,
    onOutcome: (how: "fetched" | "ran") => void,
  ): Promise<ActionRecord> {
    if (this.#failure && !this.#keepGoing) throw this.#failure;
    this.#signal.throwIfAborted();
    return await onDisk("Cannot store the result of a stage", async () => {
      using _lock = await this.#store.lock(task.key, this.#sayWaiting(task), this.#signal);
      // Another process may have brought it about while this one waited.
      const found = await this.#store.lookup(task.key);
      if (found.record) return found.record;
      const fetched = await this.#fetch(task);
      if (fetched) {
        onOutcome("fetched");
        return fetched;
      }

      const reason = this.planner.reason(task, found.problem);
      if (this.#frozen) throw this.#frozen(task, reason);
      onOutcome("ran");
      this.#emit({ type: "start", ...where(task), reason });
      // Before the stage runs: `why` can then explain also what failed.
      this.#keepManifests(task);
      const place = this.#store.workplace(task.key);
      const started = new Date();
      const clock = performance.now();
      try {
        const { recorded, notices } = await this.#execute(task, resultBefore, place);
        const record: ActionRecord = {
          key: task.key,
          stage: task.declaration.name,
          outputs: await this.#store.collect(place),
          started: started.toISOString(),
          seconds: Math.round(performance.now() - clock) / 1000,
          machine: await machine(),
          recorded,
          notices,
        };
        this.#store.putRecord(record);
        this.#store.clear(task.key);
        this.#remote?.offer(record, this.#store);
        this.#emit({ type: "finished", ...where(task), seconds: record.seconds });
        return record;
      } catch (error) {
        this.#store.abandon(task.key);
        // Before the next stage takes this one's place.
        this.#failure ??= error;
        this.#emit({ type: "failed", ...where(task) });
        if (!this.#signal.aborted) await this.#remember(task, "failed");
        throw error;
      }
    });
  }

  /** The result from the remote cache. */
  async #fetch(task: Task<Spec>): Promise<ActionRecord | undefined> {
    if (!this.#remote) return undefined;
    const { record, problem } = await this.#remote.fetch(
      task.key,
      task.declaration.name,
      this.#store,
      this.#signal,
      (done, all) =>
        this.#emit({ type: "progress", ...where(task), fraction: done / all, text: "from the remote cache" }),
    );
    if (problem !== undefined) {
      this.#emit({ type: "notice", ...where(task), message: `the remote cache was of no use: ${problem}` });
    }
    return record;
  }

  async #execute(task: Task<Spec>, resultBefore: ResultOf, place: Workplace): Promise<WorkerResult> {
    const { declaration, workflow, manifest, code } = task;
    const { spec, settings } = workflow;
    const stage = declaration.name;
    const result = await runWorker({
      stage,
      module: declaration.module.href,
      slice: manifest.slice,
      unkeyed: declaration.unkeyed?.(spec, await this.planner.provenance(task, resultBefore)) ?? null,
      modules: Object.fromEntries(
        Object.entries(declaration.modules?.(spec, settings) ?? {}).map(([role, { href }]) => [role, href]),
      ),
      inputs: Object.fromEntries(
        Object.entries(manifest.inputs).map(([name, digest]) => [name, this.#store.blobPath(digest)]),
      ),
      ...place,
    }, {
      root: this.planner.code.root,
      code: code.files,
      workFolder: place.folder,
      permissions: declaration.permissions(spec, settings),
      logPath: `${this.#store.folder}/logs/${stage}-${task.key.slice(0, 12)}.log`,
      signal: this.#signal,
      onProgress: (event) => this.#emit({ type: "progress", ...where(task), ...event }),
      onNotice: (message) => this.#emit({ type: "notice", ...where(task), message }),
    });
    await this.#checkCode(task);
    return result;
  }

  /** Code that was edited between its hashing and now may not be the code that ran. */
  async #checkCode({ declaration, workflow, code }: Task<Spec>): Promise<void> {
    const hasher = new CodeHasher(this.planner.code.root, this.#store);
    const now = await hasher.code(modulesOf(declaration, workflow));
    if (now.digest === code.digest) return;
    const [change] = differences({ slice: null, code: code.manifest }, { slice: null, code: now.manifest });
    throw new UserError(
      `The result of stage ${declaration.name} is not kept: its code changed while it ran`,
      {
        notes: [...(change ? [inWords(change)] : []), "Run again."],
      },
    );
  }

  #keepManifests({ key, text, code }: Task<Spec>): void {
    this.#store.putText(text, key);
    if (this.#keptCode.has(code.digest)) return;
    this.#store.putJson(code.manifest);
    this.#keptCode.add(code.digest);
  }

  #sayWaiting(task: Task<Spec>) {
    return (holder: { pid: number; since: string } | undefined) =>
      this.#emit({ type: "waiting", ...where(task), pid: holder?.pid ?? null, since: holder?.since ?? null });
  }

  #remember(task: Task<Spec>, outcome: "ran" | "cached" | "failed"): Promise<void> {
    return this.#store.history.add({ ...where(task), outcome, time: new Date().toISOString() });
  }
}

function where<Spec>({ workflow, declaration, key }: Task<Spec>) {
  return { experiment: workflow.name, stage: declaration.name, key };
}
