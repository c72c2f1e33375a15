import { UserError } from "../base/errors.ts";
import type { Result } from "../graph/plan.ts";
import { Runner } from "../graph/runner.ts";
import { Store } from "../store/store.ts";
import {
  type Arguments,
  type Command,
  type Project,
  SPEC_OPTIONS,
  STORE_OPTION,
  storeFolder,
} from "./command.ts";
import { compareOutputs } from "./outputs.ts";
import { openDisplay } from "./display.ts";
import { plural } from "./words.ts";
import { loadWorkflows } from "./workflows.ts";

export const command: Command = {
  usage: "deno task verify SPEC [OPTIONS]",
  summary:
    "Executes every stage of a finished spec again, from the stored inputs and in a scratch folder, and\n" +
    "compares the bytes. Exit status 1 where they differ.",
  positionals: [1, 1],
  options: { ...SPEC_OPTIONS, ...STORE_OPTION },
  examples: ["deno task verify experiments/quick.json"],
  execute: verify,
};

async function verify<Spec extends { readonly name: string }>(
  values: Arguments,
  project: Project<Spec>,
  signal: AbortSignal,
): Promise<number> {
  const [workflow] = await loadWorkflows(values, project);
  using store = await Store.open(storeFolder(values, project.root));
  const display = openDisplay(false);
  const runner = new Runner<Spec>({
    store,
    root: project.root,
    declarations: await project.declarations(),
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
      await runner.again(stage, workflow!, results, async (folder) => {
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
