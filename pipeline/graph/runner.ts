import { UserError } from "../base/errors.ts";
import { Slots } from "../base/slots.ts";
import { onDisk } from "../store/disk.ts";
import { misfit } from "../store/expectation.ts";
import type { ActionRecord, ExecutionFacts } from "../store/record.ts";
import type { RemoteCache } from "../store/remote.ts";
import type { Store } from "../store/store.ts";
import type { Reason, RunEvent } from "./events.ts";
import { type Executor, NotAwaited } from "./executors/executor.ts";
import { differences, inWords } from "./explain.ts";
import { Planner, type Result, resultOf, type Task, upstream, type Workflow } from "./plan.ts";
import { UnreadResults } from "./unread.ts";
import { DEFAULT_RESOURCES, type StageDeclaration } from "./stage.ts";

/** What a `Runner` works with. */
export interface RunnerOptions<Spec> {
  readonly store: Store;
  /** The folder of `deno.json` and `deno.lock`. */
  readonly root: string;
  /** Each stage after those that it reads. */
  readonly declarations: readonly StageDeclaration<Spec>[];
  /** What executes the stages. */
  readonly executor: Executor;
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
  readonly #executor: Executor;
  readonly #slots: Slots;
  readonly #keepGoing: boolean;
  readonly #remote: RemoteCache | undefined;
  readonly #frozen: RunnerOptions<Spec>["frozen"];
  readonly #unread = new UnreadResults();
  /** Keys that this process works on: workflows that share a stage execute it once. */
  readonly #running = new Map<string, Promise<ActionRecord>>();
  /** Digests of code manifests that are in the store: a sweep's cells have them in common. */
  readonly #keptCode = new Set<string>();
  #failure: unknown;

  constructor(
    { store, root, declarations, executor, keepGoing = false, remote, frozen, signal, onEvent }:
      RunnerOptions<Spec>,
  ) {
    this.#signal = signal ?? new AbortController().signal;
    this.planner = new Planner(
      declarations,
      store,
      root,
      remote && ((key, expected) => remote.peek(key, expected, this.#signal)),
    );
    this.#store = store;
    this.#remote = remote;
    this.#frozen = frozen;
    this.#emit = onEvent ?? (() => {});
    this.#executor = executor;
    this.#slots = new Slots(executor.slots);
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
   * Executes a stage once more from the inputs that the store holds, whatever it holds of the stage itself, and
   * lets `use` look at the outputs before they are thrown away.
   * @param results of all stages before it
   */
  async reexecute(
    stage: string,
    workflow: Workflow<Spec>,
    results: ReadonlyMap<string, Result>,
    use: (outputFolder: string) => Promise<void>,
  ): Promise<void> {
    const records = new Map([...results].map(([name, { record }]) => [name, record]));
    const task = await this.planner.task(this.planner.declaration(stage), workflow, records);
    const id = `${task.key}-reexecution`;
    using _lock = await this.#store.lock(id, this.#sayWaiting(task), this.#signal);
    // An execution on another machine that this process did not live to see the end of is taken up.
    if (!this.#store.isHandedOver(id)) this.#store.clear(id);
    try {
      await this.#execute(task, id, (input) => Promise.resolve(results.get(input)!), () => {});
    } catch (error) {
      if (!this.#store.isHandedOver(id)) this.#store.clear(id);
      throw error;
    }
    try {
      await this.#checkCode(task);
      await use(this.#store.workplace(id).output);
    } finally {
      this.#store.clear(id);
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
    for (const stage of upstream(declaration)) {
      records.set(stage, (await before(stage)).record);
    }
    const task = await this.planner.task(declaration, workflow, records);

    let outcome = "cached" as "cached" | "fetched" | "ran";
    let running = this.#running.get(task.key);
    if (!running) {
      const { record } = await this.planner.lookup(task);
      if (record) this.#unread.add(task.key, task.expected);
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
      if (!(error instanceof NotAwaited)) this.#failure ??= error;
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
      const found = await this.planner.lookup(task);
      if (found.record) return found.record;
      const fetched = await this.#fetch(task);
      if (fetched) {
        onOutcome("fetched");
        return fetched;
      }

      const reason = this.planner.reason(task, found.problem);
      if (this.#frozen) throw this.#frozen(task, reason);
      onOutcome("ran");
      // Before the stage runs: `why` can then explain also what failed.
      this.#keepManifests(task);
      try {
        const onStart = (on?: string) =>
          this.#emit({ type: "start", ...where(task), reason, ...(on === undefined ? {} : { on }) });
        const execution = await this.#execute(task, task.key, resultBefore, onStart);
        const record = await this.#keep(task, execution);
        this.#remote?.offer(record, this.#store);
        this.#emit({ type: "finished", ...where(task), seconds: record.seconds });
        return record;
      } catch (error) {
        if (error instanceof NotAwaited) throw error;
        // Before the next stage takes this one's place.
        this.#failure ??= error;
        const why = error instanceof UserError ? { message: error.message } : {};
        this.#emit({ type: "failed", ...where(task), ...why });
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
      task.expected,
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

  /** Leaves the outputs in the workplace `id`, whose lock the caller holds. */
  async #execute(
    task: Task<Spec>,
    id: string,
    resultBefore: ResultOf,
    onStart: (on?: string) => void,
  ): Promise<ExecutionFacts> {
    const { declaration, workflow: { spec, settings }, manifest, code } = task;
    const read = await Promise.all(upstream(declaration).map((stage) => resultBefore(stage)));
    await this.#unread.verify(declaration.name, read.map(({ record }) => record), this.#store);
    const provenance = await this.planner.provenance(task, resultBefore);
    return await this.#executor.execute(
      {
        id,
        manifest,
        code: code.manifest,
        places: code.places,
        passthrough: declaration.passthrough?.(spec, provenance) ?? null,
        permissions: declaration.permissions(spec, settings),
        resources: { ...DEFAULT_RESOURCES, ...declaration.resources?.(spec, settings) },
        rank: this.planner.declarations.indexOf(declaration),
      },
      {
        onQueue: (text) => this.#emit({ type: "queued", ...where(task), text }),
        onStart,
        onProgress: (event) => this.#emit({ type: "progress", ...where(task), ...event }),
        onNotice: (message) => this.#emit({ type: "notice", ...where(task), message }),
      },
      this.#signal,
    );
  }

  /** Moves the outputs of an execution into the store, and writes its record. */
  async #keep(task: Task<Spec>, execution: ExecutionFacts): Promise<ActionRecord> {
    const { key, declaration: { name: stage } } = task;
    try {
      await this.#checkCode(task);
      const record: ActionRecord = { key, stage, outputs: await this.#store.collect(key), ...execution };
      const wrong = misfit(record, task.expected);
      if (wrong !== undefined) throw new Error(`The record of stage ${stage} ${wrong}`);
      this.#store.putRecord(record);
      this.#store.clear(key);
      return record;
    } catch (error) {
      this.#store.abandon(key);
      throw error;
    }
  }

  /** Code that was edited between its hashing and now may not be the code that ran. */
  async #checkCode({ declaration, workflow, code }: Task<Spec>): Promise<void> {
    const now = await this.planner.hash(declaration, workflow, this.planner.code.again());
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
