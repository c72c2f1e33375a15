import assert from "node:assert/strict";
import { Arguments } from "../../../pipeline/commands/line/arguments.ts";
import { loadWorkflows, loadWorkflowsAndCells } from "../../../pipeline/commands/session/workflows.ts";
import { type TemporaryFolder, temporaryFolder } from "../../store/temporary.ts";
import { ROOT } from "../../graph/toy_project.ts";
import { TOY_PROJECT } from "../toy_project.ts";

/** A folder with specs, one for each name. */
async function folderWith(...names: string[]): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [i, name] of names.entries()) {
    await Deno.writeTextFile(`${folder.path}/${i}.json`, JSON.stringify({ name }));
  }
  return folder;
}

const SIGNAL = new AbortController().signal;
const PORTABLE: [string, string[]] = ["engine", ["portable"]];

Deno.test("each spec becomes a workflow under its name, with the overrides and the settings of the command line", async () => {
  await using folder = await folderWith("one", "two");
  const paths = [`${folder.path}/0.json`, `${folder.path}/1.json`];
  const values = new Arguments(paths, new Map([PORTABLE, ["set", ["count=7", "title=Total"]]]));
  const workflows = await loadWorkflows(values, TOY_PROJECT, SIGNAL);
  assert.deepEqual(workflows.map(({ name }) => name), ["one", "two"]);
  for (const { name, spec, settings } of workflows) {
    assert.deepEqual(settings, { engine: "portable", reportFolder: `${ROOT}/reports/${name}` });
    assert.deepEqual({ ...spec }, { name, count: 7, modulus: 1000, title: "Total", milliseconds: 0 });
  }
});

Deno.test("two specs of one name are refused: their reports would share a folder", async () => {
  await using folder = await folderWith("same", "same");
  const paths = [`${folder.path}/0.json`, `${folder.path}/1.json`];
  await assert.rejects(loadWorkflows(new Arguments(paths, new Map([PORTABLE])), TOY_PROJECT, SIGNAL), {
    message: `Cannot take ${paths[0]} and ${
      paths[1]
    } together: both are named same, and their reports would share a folder`,
    exitStatus: 2,
  });
});

Deno.test("a sweep stands for its cells, or for the one that --cell names", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/sweep.json`;
  await Deno.writeTextFile(path, JSON.stringify({ name: "trial", matrix: { count: [2, 3], modulus: [7] } }));
  const load = (cell?: string) =>
    loadWorkflowsAndCells(
      new Arguments(
        [path],
        new Map([PORTABLE, ...(cell === undefined ? [] : [["cell", [cell]] as [string, string[]]])]),
      ),
      TOY_PROJECT,
      SIGNAL,
    );
  assert.deepEqual((await load()).map(({ name, report, command }) => [name, report, command]), [
    ["trial-count-2-modulus-7", "trial/count-2-modulus-7", `deno task sweep ${path}`],
    ["trial-count-3-modulus-7", "trial/count-3-modulus-7", `deno task sweep ${path}`],
  ]);
  const [only, ...others] = await load("count-3-modulus-7");
  assert.equal(only!.spec.name, "trial-count-3-modulus-7");
  assert.equal(others.length, 0);
  await assert.rejects(load("count-3-modulus"), {
    exitStatus: 2,
    notes: ["Did you mean count-3-modulus-7?", "Its cells are count-2-modulus-7, count-3-modulus-7."],
  });
});
