import { UserError } from "../base/errors.ts";
import type { Reason, RunEvent } from "../graph/events.ts";
import type { Task, Workflow } from "../graph/plan.ts";
import type { Runner } from "../graph/runner.ts";
import { type Arguments, type Command, type Project, SPEC_OPTIONS } from "./command.ts";
import { openDisplay } from "./display.ts";
import { publish } from "./publish.ts";
import { reportsFolder, SESSION_OPTIONS, voices, withSession } from "./session.ts";
import { loadWorkflows } from "./workflows.ts";
import { duration, plural, reasonInWords } from "./words.ts";

export const command: Command = {
  usage: "deno task run SPEC... [OPTIONS]",
  summary: "Takes each spec through all stages to reports/<name>/. Only what is not known yet is executed.",
  positionals: [1, Infinity],
  options: {
    ...SPEC_OPTIONS,
    "dry-run": { type: "boolean", help: "Say what would run and why, and execute nothing." },
    frozen: { type: "boolean", help: "Fail where something would have to run (for CI)." },
    ...SESSION_OPTIONS,
  },
  examples: [
    "deno task run experiments/quick.json",
    "deno task run experiments/mnist-conv.json --set training.epochs=2 --set kl.weight=4",
    "deno task run experiments/mnist-conv.json --dry-run",
  ],
  execute: run,
};

async function run<Spec extends { readonly name: string }>(
  values: Arguments,
  project: Project<Spec>,
  signal: AbortSignal,
): Promise<number> {
  const clock = performance.now();
  const workflows = await loadWorkflows(values, project);
  const { print, say } = voices(values);
  let executed = 0;
  let cached = 0;
  let fetched = 0;
  const display = openDisplay(workflows.length > 1);
  const options = {
    display,
    frozen: values.has("frozen")
      ? ({ workflow, declaration }: Task<Spec>, reason: Reason) =>
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
  return await withSession(values, project, signal, options, async ({ store, runner }) => {
    if (values.has("dry-run") || values.has("frozen")) {
      const missing = await showPlan(runner, workflows, values.has("dry-run") ? say : () => {}, print);
      if (values.has("dry-run")) return 0;
      if (missing.length > 0) {
        throw frozen(missing);
      }
    }
    const results = await Promise.allSettled(workflows.map((workflow) => runner.run(workflow)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
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
      const folder = `${reportsFolder(values, project.root)}/${name}`;
      await publish(store, stages.get(project.reportStage)!.record, folder, signal);
      print({ type: "report", experiment: name, path: `${folder}/index.html` });
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
async function showPlan<Spec extends { readonly name: string }>(
  runner: Runner<Spec>,
  workflows: readonly Workflow<Spec>[],
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
        const verb = planned.reason.kind === "upstream" && planned.reason.differences.length === 0
          ? "may run"
          : "would run";
        print({ ...where, status: verb === "may run" ? "may-run" : "run", reason: planned.reason });
        say(`  ${stage.padEnd(11)} ${verb}: ${why}`);
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
