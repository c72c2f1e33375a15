import { plural } from "../base/words.ts";
import { type PlannedStage, Planner } from "../graph/plan.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { HistoryEntry } from "../store/history.ts";
import type { Store } from "../store/store.ts";
import { type Arguments, badUsage } from "./line/arguments.ts";
import { REPORTS_OPTION, SPEC_OPTIONS, STORE_OPTION } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { differencesInWords, reasonInWords, willRun } from "./session/reasons.ts";
import { CELL_OPTION, loadWorkflowsAndCells } from "./session/workflows.ts";
import { openStore } from "./session/open_store.ts";

export const verb: Verb = {
  usage: "deno task why SPEC|SWEEP [STAGE] [OPTIONS]",
  summary: "Say of each stage whether it would run now and why, and why it ran when it last did.",
  details: "With a stage: all that is known of its past. Of a sweep: a line for each cell; more with --cell.",
  argument: "the file of a spec or sweep",
  positionals: [1, 2],
  options: {
    ...CELL_OPTION,
    json: { type: "boolean", help: "Print one JSON object per stage and event on stdout." },
    ...SPEC_OPTIONS,
    ...STORE_OPTION,
    ...REPORTS_OPTION,
  },
  examples: [
    "deno task why experiments/mnist-conv.json",
    "deno task why experiments/mnist-conv.json train --set training.batchSize=64",
    "deno task why experiments/compare-architectures.json --cell dense-seed-1",
  ],
  execute: why,
};

async function why(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const [path, only] = values.positionals as [string, string?];
  const declarations = await project.declarations();
  const names = declarations.map(({ name }) => name);
  if (only !== undefined && !names.includes(only)) {
    const { nearest } = await import("../base/nearest.ts");
    const near = nearest(only, names);
    throw badUsage(
      `Cannot say why: there is no stage ${only}`,
      ...(near ? [`Did you mean ${near}?`] : []),
      `The stages are ${names.join(", ")}.`,
    );
  }
  const workflows = await loadWorkflowsAndCells(values, project, signal, [path]);
  using store = await openStore(values, project, signal);
  const planner = new Planner(declarations, store, project.root);
  let whole = 0;
  for (const workflow of workflows) {
    const planned = await planner.plan(workflow);
    if (planned.every(({ result }) => result)) whole++;
    if (workflows.length > 1 && only === undefined && !values.has("json")) {
      console.log(`${workflow.report}  ${inOneLine(planned)}`);
      continue;
    }
    const told = planned.filter(({ stage }) => only === undefined || stage === only).map((now) => {
      const past = explainPast(planner, store, workflow.name, now.stage);
      // All of it where it was asked for, else the last.
      return { now, past: only === undefined ? past.slice(-1) : past };
    });
    if (values.has("json")) tellPrograms(workflow.name, told);
    else {
      if (workflows.length > 1) console.log(workflow.report);
      tellAll(told);
    }
  }
  if (workflows.length > 1 && only === undefined && !values.has("json")) {
    console.log(`${plural(workflows.length, "cell")}: ${whole} cached. --cell NAME says more of one.`);
  }
  await planner.code.save();
  await store.saveMemo();
  return 0;
}

/** A stage as it is now, and of what was the last or all. */
interface Told {
  readonly now: PlannedStage;
  readonly past: readonly Past[];
}

/** One time that a stage came to a new key or was executed. */
interface Past {
  readonly entry: HistoryEntry;
  readonly reason: string;
}

function tellAll(told: readonly Told[]): void {
  for (const { now, past } of told) {
    console.log(`${now.stage}\n  now: ${nowInWords(now)}`);
    for (const { entry, reason } of past) {
      console.log(`  ${local(entry.time)}: ${entry.outcome}, because ${reason}`);
    }
  }
}

function tellPrograms(experiment: string, told: readonly Told[]): void {
  const print = (event: object) => console.log(JSON.stringify({ experiment, ...event }));
  for (const { now, past } of told) {
    const { stage, key } = now;
    const state = now.result ? { unreadable: now.unreadable?.message } : { reason: now.reason };
    print({ type: "now", stage, key, ...state });
    for (const { entry, reason } of past) print({ type: "past", ...entry, reason });
  }
}

function inOneLine(planned: readonly PlannedStage[]): string {
  const first = planned.find(({ result }) => !result);
  return first ? `from ${first.stage} on: ${nowInWords(first)}` : "cached";
}

function nowInWords(planned: PlannedStage): string {
  if (planned.result) {
    return planned.unreadable
      ? `would fail: ${planned.unreadable.message} (the store has its last result, key ${
        planned.key.slice(0, 12)
      })`
      : `cached (key ${planned.key.slice(0, 12)})`;
  }
  const { reason } = planned;
  if (reason.kind === "unreadable") return `would fail: ${reason.problem}`;
  return `${willRun(reason) ? "would run" : "may run"}: ${reasonInWords(reason)}`;
}

/** Each time that a stage came to a new key or was executed, oldest first, with the reason. */
function explainPast(
  planner: Planner<Experiment>,
  store: Store,
  experiment: string,
  stage: string,
): Past[] {
  let before: HistoryEntry | undefined;
  return store.history.of(experiment, stage).map((entry) => {
    const reason = explain(planner, before, entry);
    if (entry.outcome !== "failed") before = entry;
    return { entry, reason };
  });
}

function explain(
  planner: Planner<Experiment>,
  before: HistoryEntry | undefined,
  entry: HistoryEntry,
): string {
  if (!before) {
    return entry.outcome === "cached" ? "another experiment had the same stage" : "it had never run";
  }
  if (before.key === entry.key) return "its result was no longer whole in the store";
  return differencesInWords(planner.between(before.key, entry.key)) ||
    "of what it was before, the store no longer knows enough";
}

function local(time: string): string {
  return new Date(time).toLocaleString("sv-SE");
}
