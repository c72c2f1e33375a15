import { type PlannedStage, Planner, type Workflow } from "../graph/plan.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { HistoryEntry } from "../store/history.ts";
import { Store } from "../store/store.ts";
import { type Arguments, badUsage } from "./line/arguments.ts";
import { SPEC_OPTIONS, STORE_OPTION, storeFolder } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { differencesInWords, reasonInWords } from "./session/reasons.ts";
import { loadWorkflows } from "./session/workflows.ts";

export const verb: Verb = {
  usage: "deno task why SPEC [STAGE] [OPTIONS]",
  summary: "Say of each stage whether it would run now and why, and why it ran when it last did.",
  details: "With a stage: all that is known of its past.",
  argument: "the file of a spec",
  positionals: [1, 2],
  options: {
    json: { type: "boolean", help: "Print one JSON object per stage and event on stdout." },
    ...SPEC_OPTIONS,
    ...STORE_OPTION,
  },
  examples: [
    "deno task why experiments/mnist-conv.json",
    "deno task why experiments/mnist-conv.json train --set training.batchSize=64",
  ],
  execute: why,
};

async function why(
  values: Arguments,
  project: Project,
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
  const [workflow] = await loadWorkflows(values, project, [path]);
  using store = await Store.open(storeFolder(values, project.root));
  const planner = new Planner(declarations, store, project.root);
  for (const planned of await planner.plan(workflow!)) {
    if (only !== undefined && planned.stage !== only) continue;
    const past = explainPast(planner, store, workflow!, planned.stage);
    const told = only === undefined ? past.slice(-1) : past;
    if (values.has("json")) {
      const { stage, key, result } = planned;
      console.log(JSON.stringify({ type: "now", stage, key, ...(result ? {} : { reason: planned.reason }) }));
      for (const { entry, reason } of told) console.log(JSON.stringify({ type: "past", ...entry, reason }));
    } else {
      console.log(`${planned.stage}\n  now: ${now(planned)}`);
      for (const { entry, reason } of told) {
        console.log(`  ${local(entry.time)}: ${entry.outcome}, because ${reason}`);
      }
    }
  }
  await planner.code.save();
  await store.saveMemo();
  return 0;
}

function now(planned: PlannedStage): string {
  if (planned.result) return `cached (key ${planned.key.slice(0, 12)})`;
  const { reason } = planned;
  const mayRun = reason.kind === "upstream" && reason.differences.length === 0;
  return `${mayRun ? "may run" : "would run"}: ${reasonInWords(reason)}`;
}

/** Each time that a stage came to a new key or was executed, oldest first, with the reason. */
function explainPast(
  planner: Planner<Experiment>,
  store: Store,
  workflow: Workflow<Experiment>,
  stage: string,
): { entry: HistoryEntry; reason: string }[] {
  let before: HistoryEntry | undefined;
  return store.history.of(workflow.name, stage).map((entry) => {
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
