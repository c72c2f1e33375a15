import type { RunEvent } from "../../pipeline/graph/events.ts";
import type { Executor } from "../../pipeline/graph/executors/executor.ts";
import { LocalExecutor } from "../../pipeline/graph/executors/local.ts";
import { Planner, type Result } from "../../pipeline/graph/plan.ts";
import { Runner } from "../../pipeline/graph/runner.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import { Store } from "../../pipeline/store/store.ts";
import { ROOT, TOY, toyDeclarations, type ToySpec } from "./toy_project.ts";

export interface ToyRun {
  readonly events: readonly RunEvent[];
  readonly results: ReadonlyMap<string, Result>;
  /** `stage: reason kind` of each stage that was executed, in order. */
  readonly executed: readonly string[];
}

export interface ToyOptions {
  readonly root?: string;
  readonly declarations?: readonly StageDeclaration<ToySpec>[];
  readonly signal?: AbortSignal;
  readonly slots?: number;
  /** Default: this machine. */
  readonly executor?: (store: Store) => Executor;
  readonly keepGoing?: boolean;
  readonly onEvent?: (event: RunEvent) => void;
}

/** Runs toy specs in a store, as one process does. */
export async function runToys(
  folder: string,
  specs: readonly Partial<ToySpec>[],
  { root = ROOT, declarations = toyDeclarations(), slots = 1, executor, onEvent, ...options }: ToyOptions =
    {},
): Promise<ToyRun> {
  const events: RunEvent[] = [];
  using store = await Store.open(folder);
  const runner = new Runner<ToySpec>({
    store,
    root,
    declarations,
    executor: executor?.(store) ?? new LocalExecutor({ store, root, slots }),
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    ...options,
  });
  const runs = specs.map((spec) => ({ ...TOY, ...spec })).map((spec) =>
    runner.run({ name: spec.name, spec, settings: null })
  );
  try {
    await Promise.allSettled(runs);
    const [results] = await Promise.all(runs);
    const executed = events.flatMap((event) =>
      event.type === "start" ? [`${event.stage}: ${event.reason.kind}`] : []
    );
    return { events, results: results!, executed };
  } finally {
    await runner.finish();
  }
}

/** What a run of a spec would do, as `stage: cached` or `stage: reason kind`. */
export async function planToy(
  folder: string,
  spec: Partial<ToySpec>,
  { root = ROOT, declarations = toyDeclarations() }: ToyOptions = {},
): Promise<string[]> {
  using store = await Store.open(folder);
  const planner = new Planner<ToySpec>(declarations, store, root);
  const whole = { ...TOY, ...spec };
  const planned = await planner.plan({ name: whole.name, spec: whole, settings: null });
  await planner.code.save();
  await store.saveMemo();
  return planned.map((stage) => `${stage.stage}: ${stage.result ? "cached" : stage.reason.kind}`);
}

/** Content of an output. */
export function outputText(
  folder: string,
  { results }: ToyRun,
  stage: string,
  name: string,
): Promise<string> {
  return Deno.readTextFile(`${folder}/cas/${results.get(stage)!.record.outputs[name]!.digest}`);
}
