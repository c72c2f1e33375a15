import { bytes, plural } from "../base/words.ts";
import { Planner } from "../graph/plan.ts";
import { findGarbage, removeGarbage } from "../store/gc.ts";
import type { KeyManifest } from "../store/record.ts";
import { type Arguments, badUsage } from "./line/arguments.ts";
import { REPORTS_OPTION, SPEC_OPTIONS, STORE_OPTION, storeFolder } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { noteUnreadable } from "./session/unreadable.ts";
import { loadWorkflowsAndCells } from "./session/workflows.ts";
import { openStoreAlone } from "./session/open_store.ts";

export const verb: Verb = {
  usage: "deno task gc [SPEC|SWEEP...] [--budget SIZE] [OPTIONS]",
  summary: "Free disk space.",
  details:
    "What the named specs and sweeps need is kept, and of the rest what was used last, up to the budget.\n" +
    "Shows what it would free; --yes frees it. Reports are not touched.",
  positionals: [0, Infinity],
  options: {
    budget: {
      type: "string",
      value: "SIZE",
      help: "What the store may hold: 500MB, 2GB. Default with specs: 0",
    },
    yes: { type: "boolean", help: "Free it, and do not only show it." },
    ...SPEC_OPTIONS,
    ...STORE_OPTION,
    ...REPORTS_OPTION,
  },
  examples: [
    "deno task gc --budget 2GB",
    "deno task gc experiments/mnist-conv.json experiments/compare-architectures.json --yes",
  ],
  execute: gc,
};

async function gc(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const budget = values.value("budget");
  if (budget === undefined && values.positionals.length === 0) {
    throw badUsage(
      "Cannot gc: say what to keep",
      "Name specs, or give --budget SIZE, for example --budget 2GB.",
    );
  }
  const workflows = await loadWorkflowsAndCells(values, project, signal);
  using store = await openStoreAlone(storeFolder(values, project.root), signal);
  const planner = new Planner(await project.declarations(), store, project.root);
  const keys = new Set<string>();
  for (const workflow of workflows) {
    const planned = await planner.plan(workflow);
    noteUnreadable(workflow.name, planned);
    for (const { key } of planned) if (key !== undefined) keys.add(key);
  }
  await planner.code.save();

  const garbage = findGarbage(store, { keys, budget: budget === undefined ? 0 : parseSize(budget) });
  const experiments = store.history.experimentsByKey();
  const owners = (key: string) => shortList(experiments.get(key) ?? []);
  for (const { stage, key, outputs, started } of garbage.records) {
    const size = Object.values(outputs).reduce((sum, output) => sum + output.size, 0);
    const about = `${stage.padEnd(11)} ${key.slice(0, 12)}  of ${started.slice(0, 10)}`;
    console.log(`${about}  ${bytes(size).padStart(6)}  ${owners(key)}`.trimEnd());
  }
  for (const key of garbage.workplaces) {
    const { stage = "checkpoint" } = (store.getJson(key) ?? {}) as Partial<KeyManifest>;
    console.log(
      `${stage.padEnd(11)} ${key.slice(0, 12)}  checkpoint  ${" ".repeat(8)}${owners(key)}`.trimEnd(),
    );
  }
  const what = `${plural(garbage.records.length, "result")}, ${plural(garbage.blobs.length, "file")}: ${
    bytes(garbage.bytesFreed)
  }`;
  if (values.has("yes")) {
    await removeGarbage(store, garbage);
    console.log(`Freed ${what}. Kept ${bytes(garbage.bytesKept)}.`);
  } else console.log(`Would free ${what}, and keep ${bytes(garbage.bytesKept)}. Add --yes to do it.`);
  return 0;
}

/** The first two names, and how many there are beside them. */
function shortList(names: readonly string[]): string {
  const left = names.length - 2;
  return [...names.slice(0, 2), ...(left > 0 ? [`${left} more`] : [])].join(", ");
}

/** "2GB" -> 2e9. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([kMGT]?)B?)$/i.exec(text);
  if (!match) throw badUsage(`Cannot use --budget ${text}: it is no size`, "For example 500MB or 2GB.");
  const power = ["", "K", "M", "G", "T"].indexOf(match[2]!.toUpperCase());
  return Number(match[1]) * 1000 ** power;
}
