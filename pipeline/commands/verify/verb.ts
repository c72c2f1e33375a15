import { UserError } from "../../base/errors.ts";
import { plural } from "../../base/words.ts";
import type { PlannedStage, Result } from "../../graph/plan.ts";
import { Runner } from "../../graph/runner.ts";
import type { Experiment } from "../../spec/experiment.ts";
import type { Arguments } from "../line/arguments.ts";
import { REPORTS_OPTION, SPEC_OPTIONS, STORE_OPTION } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Verb } from "../line/verb.ts";
import { openDisplay } from "../session/display.ts";
import { EXECUTOR_OPTIONS, openExecutor } from "../session/executors.ts";
import { CELL_OPTION, type LoadedWorkflow, loadWorkflowsAndCells } from "../session/workflows.ts";
import { compareOutputs } from "./outputs.ts";
import { openStore } from "../session/open_store.ts";

const { executor, cluster } = EXECUTOR_OPTIONS;

export const verb: Verb = {
  usage: "deno task verify SPEC|SWEEP [OPTIONS]",
  summary: "Execute every stage of a finished spec again and compare the bytes.",
  details: "Stages run from the stored inputs, in a scratch folder; what cells of a sweep share, once.\n" +
    "Exit status 1 where outputs differ, or a stage cannot be executed.",
  argument: "the file of a spec or sweep",
  positionals: [1, 1],
  options: { ...CELL_OPTION, ...SPEC_OPTIONS, executor, cluster, ...STORE_OPTION, ...REPORTS_OPTION },
  examples: ["deno task verify experiments/quick.json"],
  execute: verify,
};

async function verify(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const workflows = await loadWorkflowsAndCells(values, project, signal);
  using store = await openStore(values, project, signal);
  const display = openDisplay(false);
  const runner = new Runner({
    store,
    root: project.root,
    declarations: await project.declarations(),
    executor: await openExecutor({ values, project, store, remote: undefined }),
    signal,
    onEvent: (event) => display.show(event),
  });
  const runs = [];
  for (const workflow of workflows) runs.push({ workflow, stages: await finished(runner, workflow) });

  const verified = new Set<string>();
  let different = 0;
  let unverified = 0;
  try {
    for (const { workflow, stages } of runs) {
      const results = new Map(stages.map(({ stage, result }) => [stage, result]));
      for (const { stage, key, result: { record }, unreadable } of stages) {
        if (verified.has(key)) continue;
        verified.add(key);
        const name = workflows.length > 1 ? `${workflow.report} ${stage}` : stage.padEnd(11);
        if (unreadable) {
          unverified++;
          console.log(`${name} cannot be executed again: ${unreadable.message}`);
          continue;
        }
        await runner.reexecute(stage, workflow, results, async (folder) => {
          display.end();
          const difference = await compareOutputs(store, record, folder);
          if (difference !== undefined) different++;
          console.log(`${name} ${difference ?? `the same bytes in ${files(record.outputs)}`}`);
        });
      }
    }
  } finally {
    display.end();
    await runner.finish();
  }
  console.log(
    different > 0
      ? `${plural(different, "stage")} ${different === 1 ? "differs" : "differ"}.`
      : unverified > 0
      ? "Every other stage made the same bytes again."
      : "Every stage made the same bytes again.",
  );
  return different + unverified === 0 ? 0 : 1;
}

type FinishedStage = Extract<PlannedStage, { readonly result: Result }>;

/** All stages of a workflow with their results. @throws {UserError} where the store lacks one */
async function finished(runner: Runner<Experiment>, workflow: LoadedWorkflow): Promise<FinishedStage[]> {
  const stages: FinishedStage[] = [];
  for (const planned of await runner.planner.plan(workflow)) {
    if (!planned.result) {
      throw new UserError(
        `Cannot verify ${workflow.name}: the store has no result of stage ${planned.stage}`,
        {
          notes: [`Run it first: ${workflow.command}`],
        },
      );
    }
    stages.push(planned);
  }
  return stages;
}

function files(outputs: object): string {
  return plural(Object.keys(outputs).length, "file");
}
