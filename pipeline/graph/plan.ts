import { UserError } from "../base/errors.ts";
import type { Json } from "../base/json.ts";
import { canonicalJson } from "../formats/canonical_json.ts";
import { type Expectation, misfit } from "../store/expectation.ts";
import type { ActionRecord, CodeManifest, KeyManifest } from "../store/record.ts";
import { sha256 } from "../store/sealed.ts";
import type { Lookup, Store } from "../store/store.ts";
import { CodeHasher, type StageCode } from "./code.ts";
import type { Reason } from "./events.ts";
import { type Difference, differences } from "./explain.ts";
import type { Provenance, StageDeclaration, StageProvenance } from "./stage.ts";

/** A spec that is to go through all stages. */
export interface Workflow<Spec> {
  /** Name of the experiment. */
  readonly name: string;
  readonly spec: Spec;
  /** Choices of the command line that can change results. */
  readonly settings: Json;
}

/** Records by the names of their stages. */
export type Records = ReadonlyMap<string, ActionRecord>;

/** A stage all of whose inputs are known. */
export interface Task<Spec> {
  readonly declaration: StageDeclaration<Spec>;
  readonly workflow: Workflow<Spec>;
  readonly manifest: KeyManifest;
  /** The manifest as the store keeps it. */
  readonly text: string;
  readonly code: StageCode;
  readonly key: string;
  readonly expected: Expectation;
}

/** A stage with its result. */
export interface Result extends StageProvenance {
  readonly key: string;
}

/** What would become of a stage if its workflow ran now. */
export type PlannedStage =
  | {
    readonly stage: string;
    readonly key: string;
    readonly result: Result;
    readonly from: "store" | "remote";
    /** Why the result is that of the last run, whatever the spec says now: what it names cannot be read. */
    readonly unreadable?: UserError;
  }
  /** The key is known unless the reason is that stages before it run. */
  | {
    readonly stage: string;
    readonly key?: string;
    readonly result?: undefined;
    readonly reason: Reason;
    /** Why the remote cache could not be asked. */
    readonly remoteProblem?: string | undefined;
  };

/** Knows what each stage stands for and which result it has, and executes nothing. */
export class Planner<Spec> {
  readonly declarations: readonly StageDeclaration<Spec>[];
  readonly code: CodeHasher;
  readonly #store: Store;
  readonly #byName: ReadonlyMap<string, StageDeclaration<Spec>>;
  /** What `plan` found in the store: the cells of a sweep have results in common. */
  readonly #found = new Map<string, Lookup>();
  readonly #lookElsewhere: ((key: string, expected: Expectation) => Promise<Lookup>) | undefined;

  /**
   * @param declarations each stage after those that it reads
   * @param root folder of `deno.json` and `deno.lock`
   * @param lookElsewhere finds records that the store does not have
   */
  constructor(
    declarations: readonly StageDeclaration<Spec>[],
    store: Store,
    root: string,
    lookElsewhere?: (key: string, expected: Expectation) => Promise<Lookup>,
  ) {
    this.#lookElsewhere = lookElsewhere;
    this.declarations = declarations;
    this.code = new CodeHasher(root, store);
    this.#store = store;
    this.#byName = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  }

  /**
   * What would become of each stage, in order. Where what a spec names cannot be read (a user's files), the
   * stage's last result takes its place, if the store has it.
   */
  async plan(workflow: Workflow<Spec>): Promise<PlannedStage[]> {
    const records = new Map<string, ActionRecord>();
    const planned: PlannedStage[] = [];
    for (const declaration of this.declarations) {
      const stage = declaration.name;
      const pending = upstream(declaration).filter((input) => !records.has(input));
      if (pending.length > 0) {
        planned.push({
          stage,
          reason: {
            kind: "upstream",
            stages: pending,
            differences: await this.#foreseen(declaration, workflow),
          },
        });
        continue;
      }
      let task;
      try {
        task = await this.task(declaration, workflow, records);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const last = await this.#lastResult(workflow.name, stage);
        if (last) records.set(stage, last.record);
        planned.push(
          last
            ? { stage, key: last.key, result: last, from: "store", unreadable: error }
            : { stage, reason: { kind: "unreadable", problem: error.message } },
        );
        continue;
      }
      const { key } = task;
      const found = await (this.#found.get(key) ?? this.lookup(task));
      if (found.record) this.#found.set(key, found);
      const elsewhere = found.record ? undefined : await this.#lookElsewhere?.(key, task.expected);
      const record = found.record ?? elsewhere?.record;
      if (record) {
        records.set(stage, record);
        planned.push({
          stage,
          key,
          result: resultOf(task, record),
          from: found.record ? "store" : "remote",
        });
      } else {
        planned.push({
          stage,
          key,
          reason: this.reason(task, found.problem),
          remoteProblem: elsewhere?.problem,
        });
      }
    }
    return planned;
  }

  /** A stage with its key. @param records of all stages that it reads */
  async task(
    declaration: StageDeclaration<Spec>,
    workflow: Workflow<Spec>,
    records: Records,
  ): Promise<Task<Spec>> {
    const code = await this.hash(declaration, workflow);
    const slice = await this.#slice(declaration, workflow);
    const manifest: KeyManifest = {
      stage: declaration.name,
      slice,
      inputs: resolveInputs(declaration, workflow.spec, records),
      code: code.digest,
    };
    const text = canonicalJson(manifest);
    const { spec, settings } = workflow;
    const expected = { stage: declaration.name, ...declaration.outputs?.(spec, settings, slice) };
    return { declaration, workflow, manifest, text, code, key: sha256(text), expected };
  }

  /** The result of a task that the store has. A record that does not fit its declaration is none, with the reason. */
  async lookup({ key, expected }: Task<Spec>): Promise<Lookup> {
    const found = await this.#store.lookup(key);
    const wrong = found.record && misfit(found.record, expected);
    return wrong === undefined ? found : { problem: `its record ${wrong}` };
  }

  /** Why a task has no result. @param problem what is wrong with the result that it had */
  reason({ declaration, workflow, manifest, code, key }: Task<Spec>, problem: string | undefined): Reason {
    if (problem !== undefined) return { kind: "lost", problem };
    const last = this.#store.history.last(workflow.name, declaration.name);
    if (!last) return { kind: "never-ran" };
    if (last.key === key) return { kind: "lost", problem: "its result is no longer in the store" };
    return { kind: "changed", differences: this.#since(last.key, { ...manifest, code: code.manifest }) };
  }

  /** How the keys of two executions differ; [] where the store no longer knows what one of them stood for. */
  between(before: string, after: string): Difference[] {
    const manifest = this.#store.getJson(after) as KeyManifest | undefined;
    if (!manifest) return [];
    return this.#since(before, {
      ...manifest,
      code: this.#store.getJson(manifest.code) as CodeManifest | undefined,
    });
  }

  /** Where the inputs of a task come from. @param resultOf any stage before it */
  async provenance(
    task: Task<Spec>,
    resultOf: (stage: string) => Promise<StageProvenance>,
  ): Promise<Provenance> {
    const before = new Set<string>();
    const visit = (declaration: StageDeclaration<Spec>) => {
      for (const stage of upstream(declaration)) {
        if (before.has(stage)) continue;
        before.add(stage);
        visit(this.declaration(stage));
      }
    };
    visit(task.declaration);
    const stages: StageProvenance[] = [];
    for (const { name } of this.declarations) {
      if (!before.has(name)) continue;
      const { record, manifest, code } = await resultOf(name);
      stages.push({ record, manifest, code });
    }
    return { stages, code: task.code.manifest };
  }

  /** The code of a stage. @param hasher that of another look at the files */
  hash(
    declaration: StageDeclaration<Spec>,
    { spec, settings }: Workflow<Spec>,
    hasher = this.code,
  ): Promise<StageCode> {
    return hasher.code(declaration.module, declaration.modules?.(spec, settings));
  }

  /** The declaration of a stage. @throws {Error} where there is none of this name */
  declaration(stage: string): StageDeclaration<Spec> {
    const found = this.#byName.get(stage);
    if (!found) throw new Error(`Cannot find the stage ${stage}: it is not declared`);
    return found;
  }

  /** What a stage of an experiment came to last, if the store still has it. */
  async #lastResult(experiment: string, stage: string): Promise<Result | undefined> {
    const last = this.#store.history.last(experiment, stage);
    const manifest = last && this.#store.getJson(last.key) as KeyManifest | undefined;
    const code = manifest && this.#store.getJson(manifest.code) as CodeManifest | undefined;
    if (!code) return undefined;
    const { record } = await this.#store.lookup(last.key);
    return record && { key: last.key, record, manifest, code };
  }

  /** What is known to differ before the inputs are. */
  async #foreseen(declaration: StageDeclaration<Spec>, workflow: Workflow<Spec>): Promise<Difference[]> {
    const last = this.#store.history.last(workflow.name, declaration.name);
    if (!last) return [];
    const code = await this.hash(declaration, workflow);
    return this.#since(last.key, {
      slice: await this.#slice(declaration, workflow),
      code: code.manifest,
    });
  }

  /** The slice in JSON, that is without what is undefined. */
  async #slice(declaration: StageDeclaration<Spec>, { spec, settings }: Workflow<Spec>): Promise<Json> {
    return JSON.parse(JSON.stringify(await declaration.slice(spec, settings, this.#store.digests)));
  }

  #since(key: string, after: Parameters<typeof differences>[1]): Difference[] {
    const before = this.#store.getJson(key) as KeyManifest | undefined;
    if (!before) return [];
    return differences(
      { ...before, code: this.#store.getJson(before.code) as CodeManifest | undefined },
      after,
    );
  }
}

/** A task that has come to its record. */
export function resultOf<Spec>({ key, manifest, code }: Task<Spec>, record: ActionRecord): Result {
  return { key, record, manifest, code: code.manifest };
}

/** Names of the stages that a stage reads. */
export function upstream<Spec>(declaration: StageDeclaration<Spec>): string[] {
  return [...new Set(declaration.inputs().map(({ stage }) => stage))];
}

/** The inputs of a stage: `stage/path` -> digest. */
function resolveInputs<Spec>(
  declaration: StageDeclaration<Spec>,
  spec: Spec,
  records: Records,
): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const { stage, path, where } of declaration.inputs()) {
    if (where && !where(spec)) continue;
    const { outputs } = records.get(stage)!;
    const isFolder = path === "" || path.endsWith("/");
    const names = isFolder ? Object.keys(outputs).filter((name) => name.startsWith(path)) : [path];
    for (const name of names) {
      if (!Object.hasOwn(outputs, name)) {
        throw new Error(`Stage ${declaration.name} reads ${stage}/${name}, which ${stage} did not write`);
      }
      inputs[`${stage}/${name}`] = outputs[name]!.digest;
    }
  }
  return inputs;
}
