import { relative, resolve } from "node:path";
import { UserError } from "../base/errors.ts";
import { Planner } from "../graph/plan.ts";
import type { Candidate } from "../report/compare/candidate.ts";
import { isFolder, isPresent } from "../store/disk.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { Arguments } from "./line/arguments.ts";
import {
  folderOption,
  REPORTS_OPTION,
  reportsFolder,
  settingsOf,
  SPEC_OPTIONS,
  STORE_OPTION,
} from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { settleModules } from "./session/workflows.ts";
import { checkPageFolder, commandText, COMPARISON_FILE, writePage } from "./session/page_folder.ts";
import {
  candidatesInFolder,
  comparisonPage,
  plannedOutcome,
  type RenderComparison,
} from "./session/outcomes.ts";
import { openStore } from "./session/open_store.ts";

export const verb: Verb = {
  usage: "deno task compare WHAT... [OPTIONS]",
  summary: "Compare reports (their folders), specs and sweeps on one page.",
  details:
    "The page says what differs, with means and spreads over seeds, figures on shared axes, and cost.\n" +
    "Nothing is executed: specs and sweeps must have been run.",
  argument: "what is compared",
  positionals: [1, Infinity],
  options: {
    ...SPEC_OPTIONS,
    markdown: { type: "boolean", help: "Print the table as Markdown on stdout, for a pull request." },
    title: { type: "string", value: "TEXT", help: "Heads the page. Default: what is compared" },
    out: { type: "string", value: "DIR", help: "Where the page is written. Default: reports/comparison" },
    ...STORE_OPTION,
    ...REPORTS_OPTION,
  },
  examples: [
    "deno task compare experiments/mnist-dense.json experiments/mnist-conv.json",
    "deno task compare reports/mnist-dense ../other-checkout/reports/mnist-dense",
    "deno task compare experiments/compare-architectures.json --markdown",
  ],
  execute: (values, project, signal) => compare(values, project, signal, comparisonPage),
};

/** Compares what a command line names. @param render makes the page */
export async function compare(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  render: RenderComparison,
): Promise<number> {
  const reports = reportsFolder(values, project.root);
  const page = folderOption(values, "out", `${reports}/comparison`);
  checkPageFolder(page, "compare", "Next: --out DIR, with another folder.");
  using store = await openStore(values, project, signal);
  const planner = new Planner(await project.declarations(), store, project.root);
  const settingsFor = await settingsOf(values, project.root);
  const planned = async (
    origin: string,
    cell: Omit<Candidate, "origin" | "outcome"> & { readonly spec: Experiment },
    report: string,
  ) => {
    const index = `${reports}/${report}/index.html`;
    const link = isPresent(index) ? relative(page, index) : null;
    return {
      ...cell,
      origin,
      outcome: await plannedOutcome(store, planner, cell.spec, settingsFor(report), link),
    };
  };

  const candidates: Candidate[] = [];
  const titles: string[] = [];
  let description = "";
  for (const what of values.positionals) {
    if (isFolder(what)) {
      const folder = resolve(what);
      const found = await candidatesInFolder(project, folder, page);
      candidates.push(...found.candidates);
      titles.push(found.title);
    } else if (await project.isSweep(what)) {
      const sweep = await project.loadSweep(what, values.values("set"));
      for (const cell of await settleModules(sweep.cells, values, project, signal)) {
        candidates.push(await planned(sweep.name, cell, `${sweep.name}/${cell.name}`));
      }
      titles.push(sweep.title);
      if (values.positionals.length === 1) description = sweep.description;
    } else {
      const written = await project.load(what, values.values("set"));
      const [{ spec }] = await settleModules([written], values, project, signal) as [typeof written];
      const cell = { name: spec.name, coordinates: [], spec };
      candidates.push(await planned(what, cell, spec.name));
      titles.push(spec.name);
    }
  }
  await planner.code.save();
  await store.saveMemo();
  if (candidates.every(({ outcome }) => outcome.status !== "done")) {
    throw new UserError("Cannot compare: there are no results yet", {
      notes: values.positionals.slice(0, 5).map((what) =>
        `Next: deno task run ${what} (or sweep, where it is one)`
      ),
    });
  }

  const title = values.value("title") ?? titles.join(" and ");
  const command = commandText("compare", values);
  const { html, markdown } = await render({
    title,
    description,
    candidates,
    command,
  });
  const runs = candidates.map(({ name, origin }) => ({ name, origin }));
  await writePage("the comparison", page, { html, beside: { [COMPARISON_FILE]: { title, command, runs } } });
  if (values.has("markdown")) console.log(markdown);
  (values.has("markdown") ? console.error : console.log)(`Comparison: ${page}/index.html`);
  return 0;
}
