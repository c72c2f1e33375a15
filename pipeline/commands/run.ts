import { UserError } from "../base/errors.ts";
import { duration, plural } from "../base/words.ts";
import type { Reason, RunEvent } from "../graph/events.ts";
import type { Task, Workflow } from "../graph/plan.ts";
import type { Runner } from "../graph/runner.ts";
import type { Experiment } from "../spec/experiment.ts";
import type { Arguments } from "./line/arguments.ts";
import { reportsFolder, SPEC_OPTIONS } from "./line/options.ts";
import type { Project } from "./line/project.ts";
import type { Verb } from "./line/verb.ts";
import { openDisplay } from "./session/display.ts";
import { storedOutcome } from "./session/outcomes.ts";
import { checkPageFolder, noteReplaced } from "./session/page_folder.ts";
import { publish } from "../store/publish.ts";
import { reasonInWords, willRun } from "./session/reasons.ts";
import { resultInWords, testResult } from "./session/result.ts";
import { RUN_OPTIONS, throwFirst, voices, withRunSession } from "./session/session.ts";
import { loadWorkflows } from "./session/workflows.ts";

export const verb: Verb = {
  usage: "deno task run SPEC... [OPTIONS]",
  summary: "Take specs through all stages to reports/<name>/; what is known already is not done again.",
  argument: "the file of a spec",
  positionals: [1, Infinity],
  options: {
    ...SPEC_OPTIONS,
    "dry-run": { type: "boolean", help: "Say what would run and why, and execute nothing." },
    frozen: { type: "boolean", help: "Fail where something would have to run (for CI)." },
    ...RUN_OPTIONS,
  },
  examples: [
    "deno task run experiments/quick.json",
    "deno task run experiments/mnist-conv.json --set training.epochs=2 --set model.latentSize=32",
    "deno task run experiments/mnist-conv.json --dry-run",
  ],
  execute: run,
};

async function run(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const clock = performance.now();
  const workflows = await loadWorkflows(values, project, signal);
  const reports = reportsFolder(values, project.root);
  const reported = workflows.map(({ name, spec }) => ({ folder: `${reports}/${name}`, spec }));
  for (const { folder } of reported) {
    checkPageFolder(folder, "run", "Next: --set name=NAME, or --reports DIR.");
  }
  if (!values.has("dry-run")) {
    noteReplaced(reported, "To keep it, give this run a name of its own: --set name=NAME");
  }
  const { print, say } = voices(values);
  let executed = 0;
  let cached = 0;
  let fetched = 0;
  const display = openDisplay(workflows.length > 1);
  const options = {
    display,
    frozen: values.has("frozen")
      ? ({ workflow, declaration }: Task<Experiment>, reason: Reason) =>
        frozen([`${workflow.name} ${declaration.name}: ${reasonInWords(reason)}`])
      : undefined,
    onEvent: (event: RunEvent) => {
      if (event.type === "finished") executed++;
      if (event.type === "cached") {
        cached++;
        if (event.from === "remote") fetched++;
      }
      print(event);
    },
  };
  return await withRunSession(values, project, signal, options, async ({ store, runner }) => {
    await project.checkSources(workflows, store.digests);
    if (values.has("dry-run") || values.has("frozen")) {
      const missing = await showPlan(runner, workflows, values.has("dry-run") ? say : () => {}, print);
      if (values.has("dry-run")) return 0;
      if (missing.length > 0) {
        throw frozen(missing);
      }
    }
    const results = await Promise.allSettled(workflows.map((workflow) => runner.run(workflow)));
    throwFirst(results);
    display.end();
    const seconds = (performance.now() - clock) / 1000;
    print({ type: "summary", executed, cached, fetched, seconds });
    say(
      executed === 0
        ? `Everything was cached: nothing was executed${
          fetched > 0 ? `, ${plural(fetched, "stage")} fetched` : ""
        } (${duration(seconds)}).`
        : `${plural(executed, "stage")} executed, ${cached} cached, in ${duration(seconds)}.`,
    );
    for (const [i, { name }] of workflows.entries()) {
      const stages = (results[i] as PromiseFulfilledResult<Awaited<ReturnType<typeof runner.run>>>).value;
      const folder = `${reports}/${name}`;
      await publish(store, stages.get(project.reportStage)!.record, folder, signal);
      const result = await testResult(storedOutcome(store, stages, null));
      print({ type: "report", experiment: name, path: `${folder}/index.html`, test: result });
      if (result) say(`${name}: ${resultInWords(result)}`);
      say(`Report: ${folder}/index.html`);
    }
    return 0;
  });
}

function frozen(missing: readonly string[]): UserError {
  return new UserError(
    `Cannot go on: ${plural(missing.length, "stage")} would have to run, and --frozen forbids it`,
    { notes: missing },
  );
}

/** @returns a line for each stage that would run */
async function showPlan(
  runner: Runner<Experiment>,
  workflows: readonly Workflow<Experiment>[],
  say: (text: string) => void,
  print: (event: unknown) => void,
): Promise<string[]> {
  const missing: string[] = [];
  for (const workflow of workflows) {
    say(`${workflow.name}:`);
    for (const planned of await runner.planner.plan(workflow)) {
      const { stage, result } = planned;
      const where = { type: "plan", experiment: workflow.name, stage };
      if (result) {
        const status = planned.from === "remote" ? "cached remotely" : "cached";
        print({ ...where, status, key: planned.key });
        say(`  ${stage.padEnd(11)} ${status}`);
      } else {
        const why = reasonInWords(planned.reason);
        const isSure = willRun(planned.reason);
        print({ ...where, status: isSure ? "run" : "may-run", reason: planned.reason });
        say(`  ${stage.padEnd(11)} ${isSure ? "would run" : "may run"}: ${why}`);
        const { remoteProblem } = planned;
        if (remoteProblem !== undefined) {
          console.error(`note: the remote cache was of no use: ${remoteProblem}`);
        }
        missing.push(`${workflow.name} ${stage}: ${why}`);
      }
    }
  }
  return missing;
}
