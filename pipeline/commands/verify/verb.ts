import { UserError } from "../../base/errors.ts";
import { plural } from "../../base/words.ts";
import { LocalExecutor } from "../../graph/executors/local.ts";
import type { Result } from "../../graph/plan.ts";
import { Runner } from "../../graph/runner.ts";
import { Store } from "../../store/store.ts";
import type { Arguments } from "../line/arguments.ts";
import { SPEC_OPTIONS, STORE_OPTION, storeFolder } from "../line/options.ts";
import type { Project } from "../line/project.ts";
import type { Verb } from "../line/verb.ts";
import { openDisplay } from "../session/display.ts";
import { loadWorkflows } from "../session/workflows.ts";
import { compareOutputs } from "./outputs.ts";

export const verb: Verb = {
  usage: "deno task verify SPEC [OPTIONS]",
  summary: "Execute every stage of a finished spec again and compare the bytes.",
  details:
    "Stages run from the stored inputs, in a scratch folder. Exit status 1 where their outputs differ.",
  argument: "the file of a spec",
  positionals: [1, 1],
  options: { ...SPEC_OPTIONS, ...STORE_OPTION },
  examples: ["deno task verify experiments/quick.json"],
  execute: verify,
};

async function verify(
  values: Arguments,
  project: Project,
  signal: AbortSignal,
): Promise<number> {
  const [workflow] = await loadWorkflows(values, project);
  using store = await Store.open(storeFolder(values, project.root));
  const display = openDisplay(false);
  const runner = new Runner({
    store,
    root: project.root,
    declarations: await project.declarations(),
    executor: new LocalExecutor({ store, root: project.root, slots: 1 }),
    signal,
    onEvent: (event) => display.show(event),
  });
  const results = new Map<string, Result>();
  for (const { stage, result } of await runner.planner.plan(workflow!)) {
    if (!result) {
      throw new UserError(`Cannot verify ${workflow!.name}: the store has no result of stage ${stage}`, {
        notes: [`Run it first: deno task run ${values.positionals[0]}`],
      });
    }
    results.set(stage, result);
  }

  let different = 0;
  try {
    for (const [stage, { record }] of results) {
      await runner.reexecute(stage, workflow!, results, async (folder) => {
        display.end();
        const difference = await compareOutputs(store, record, folder);
        if (difference !== undefined) different++;
        console.log(`${stage.padEnd(11)} ${difference ?? `the same bytes in ${files(record.outputs)}`}`);
      });
    }
  } finally {
    display.end();
    await runner.finish();
  }
  console.log(
    different === 0
      ? "Every stage made the same bytes again."
      : `${plural(different, "stage")} ${different === 1 ? "differs" : "differ"}.`,
  );
  return different === 0 ? 0 : 1;
}

function files(outputs: object): string {
  return plural(Object.keys(outputs).length, "file");
}
