import { UserError } from "../../base/errors.ts";
import { duration, plural } from "../../base/words.ts";
import type { RunEvent } from "../../graph/events.ts";
import type { Result } from "../../graph/plan.ts";
import type { Runner } from "../../graph/runner.ts";
import type { Candidate } from "../../report/compare/candidate.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { Cell, Sweep } from "../../spec/sweep.ts";
import type { Settings } from "../../stages/declarations.ts";
import type { Store } from "../../store/store.ts";
import type { Arguments } from "../line/arguments.ts";
import { reportsFolder, settingsOf, SPEC_OPTIONS } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Verb } from "../line/verb.ts";
import {
  comparisonPage,
  type RenderComparison,
  storedOutcome,
  SWEEP_FILE,
  type SweepFile,
} from "../session/outcomes.ts";
import { checkPageFolder, commandText, noteReplaced, writePage } from "../session/page_folder.ts";
import { publish } from "../../store/publish.ts";
import { settleModules } from "../session/workflows.ts";
import { reasonInWords } from "../session/reasons.ts";
import { resultInWords, type TestResult, testResult } from "../session/result.ts";
import { RUN_OPTIONS, throwFirst, voices, withRunSession } from "../session/session.ts";
import { openSweepDisplay } from "./display.ts";

export const verb: Verb = {
  usage: "deno task sweep SWEEP [OPTIONS]",
  summary: "Run all cells of a sweep and compare them in reports/<name>/index.html.",
  details:
    "Stages that cells share run once; what is known already is not run again. A cell that fails is shown\n" +
    "with its reason, and the others go on.",
  argument: "the file of a sweep",
  positionals: [1, 1],
  options: {
    ...SPEC_OPTIONS,
    "dry-run": { type: "boolean", help: "Say which cells would run and why, and execute nothing." },
    "fail-fast": { type: "boolean", help: "Start nothing more after the first failure." },
    ...RUN_OPTIONS,
  },
  examples: [
    "deno task sweep experiments/compare-architectures.json",
    "deno task sweep experiments/compare-architectures.json --jobs 2 --set training.epochs=2",
  ],
  execute: (values, project, signal) => sweep(values, project, signal, comparisonPage),
};

/** Cells whose results are told at the end; the page has all. */
const MOST_RESULTS = 20;

/** How a cell ended. */
type Ending =
  | { readonly results: ReadonlyMap<string, Result> }
  | { readonly results?: undefined; readonly failure: UserError; readonly wasStarted: boolean };

/** Runs the sweep that a command line names. @param render makes the page of all cells */
export async function sweep(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
  render: RenderComparison,
): Promise<number> {
  const clock = performance.now();
  const settingsFor = await settingsOf(values, project.root);
  const file = values.positionals[0]!;
  const written = await project.loadSweep(file, values.values("set"));
  const loaded = { ...written, cells: await settleModules(written.cells, values, project, signal) };
  for (const notice of loaded.notices) console.error(`note: ${file}: ${notice}`);
  const { print, say } = voices(values);
  const folder = `${reportsFolder(values, project.root)}/${loaded.name}`;
  checkPageFolder(folder, "sweep", `Next: another name in ${file}, or --reports DIR.`);
  if (!values.has("dry-run")) {
    const reported = loaded.cells.map(({ name, spec }) => ({ folder: `${folder}/${name}`, spec }));
    noteReplaced(reported, `To keep them, give the sweep another name in ${file}, or --reports DIR.`);
  }

  const names = new Map(loaded.cells.map(({ name, spec }) => [spec.name, name]));
  const display = openSweepDisplay(names);
  const keepGoing = !values.has("fail-fast");
  const started = new Set<string>();
  const tests = new Map<string, TestResult>();
  let [executed, cached] = [0, 0];
  const options = {
    display,
    keepGoing,
    onEvent: (event: RunEvent) => {
      if (event.type === "start" || event.type === "failed") started.add(event.experiment);
      if (event.type === "finished") executed++;
      if (event.type === "cached") cached++;
      print({ ...event, cell: names.get(event.experiment) });
    },
  };

  return await withRunSession(values, project, signal, options, async ({ store, runner }) => {
    await project.checkSources(loaded.cells, store.digests);
    if (values.has("dry-run")) {
      await showPlan(runner, loaded, settingsFor, say, print);
      return 0;
    }
    const settled = await Promise.allSettled(loaded.cells.map(async ({ name, spec }): Promise<Ending> => {
      const ending = await endingOf(
        runner,
        spec,
        settingsFor(`${loaded.name}/${name}`),
        signal,
        () => keepGoing || started.has(spec.name),
      );
      if (ending.results) {
        await publish(store, ending.results.get(project.reportStage)!.record, `${folder}/${name}`, signal);
        const test = await testResult(storedOutcome(store, ending.results, null));
        if (test) tests.set(name, test);
        print({ type: "cell", cell: name, status: "done", path: `${folder}/${name}/index.html`, test });
      } else {
        const { message, notes } = ending.failure;
        print({ type: "cell", cell: name, status: ending.wasStarted ? "failed" : "not-run", message, notes });
      }
      display.cellDone(spec.name, ending.results || !ending.wasStarted ? undefined : ending.failure.message);
      return ending;
    }));
    signal.throwIfAborted();
    throwFirst(settled);
    const endings = settled.map((result) => (result as PromiseFulfilledResult<Ending>).value);
    display.end();

    const candidates = loaded.cells.map((cell, i) => candidateOf(store, loaded, cell, endings[i]!));
    const { html } = await render({
      title: loaded.title,
      description: loaded.description,
      candidates,
      command: commandText("sweep", values),
    });
    await writePage("the comparison", folder, { html, beside: { [SWEEP_FILE]: listOf(loaded) } });

    const failed = candidates.filter(({ outcome }) => outcome.status !== "done").length;
    const seconds = (performance.now() - clock) / 1000;
    const cells = loaded.cells.length;
    print({ type: "summary", cells, done: cells - failed, failed, executed, cached, seconds });
    print({ type: "comparison", path: `${folder}/index.html` });
    say(
      `${plural(cells, "cell")}: ${cells - failed} done${
        failed > 0 ? `, ${failed} without a result` : ""
      }. ` +
        (started.size === 0
          ? `Nothing had to be executed (${duration(seconds)}).`
          : `${plural(executed, "stage")} executed in ${duration(seconds)}.`),
    );
    for (const { name } of loaded.cells.slice(0, MOST_RESULTS)) {
      const test = tests.get(name);
      if (test) say(`${name}: ${resultInWords(test)}`);
    }
    if (cells > MOST_RESULTS) say(`${cells - MOST_RESULTS} more: deno task ls`);
    say(`Comparison: ${folder}/index.html`);
    return failed > 0 ? 1 : 0;
  });
}

/** Brings one cell to its end; only what a user cannot mend is thrown. */
async function endingOf(
  runner: Runner<Experiment>,
  spec: Experiment,
  settings: Settings,
  signal: AbortSignal,
  wasStarted: () => boolean,
): Promise<Ending> {
  try {
    return { results: await runner.run({ name: spec.name, spec, settings }) };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    // With --fail-fast the others end with the error of the one that failed.
    return { failure: error, wasStarted: wasStarted() };
  }
}

function candidateOf(
  store: Store,
  { name: origin }: Sweep,
  { name, coordinates, spec }: Cell,
  ending: Ending,
): Candidate {
  const shared = { name, origin, coordinates, spec };
  if (ending.results) {
    return { ...shared, outcome: storedOutcome(store, ending.results, `${name}/index.html`) };
  }
  const { message: reason, notes } = ending.failure;
  return {
    ...shared,
    outcome: ending.wasStarted
      ? { status: "failed", reason, notes }
      : { status: "missing", reason: "another cell failed before (--fail-fast)" },
  };
}

function listOf({ name, title, cells }: Sweep): SweepFile {
  return { name, title, cells: cells.map(({ name, coordinates }) => ({ name, coordinates })) };
}

async function showPlan(
  { planner }: Runner<Experiment>,
  { name: sweep, cells }: Sweep,
  settingsFor: (report: string) => Settings,
  say: (text: string) => void,
  print: (event: unknown) => void,
): Promise<void> {
  let whole = 0;
  for (const { name, spec } of cells) {
    const planned = await planner.plan({ name: spec.name, spec, settings: settingsFor(`${sweep}/${name}`) });
    const first = planned.find(({ result }) => !result);
    if (!first) whole++;
    else if (!first.result) say(`${name}  from ${first.stage} on: ${reasonInWords(first.reason)}`);
    const stages = planned.map(({ stage, result }) => ({ stage, status: result ? "cached" : "run" }));
    print({ type: "plan", cell: name, stages });
  }
  say(`${plural(cells.length, "cell")}: ${whole} cached, ${cells.length - whole} would run.`);
}
