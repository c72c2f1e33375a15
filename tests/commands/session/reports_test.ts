import assert from "node:assert/strict";
import { dirname } from "node:path";
import { findReports } from "../../../pipeline/commands/session/reports.ts";
import { type TemporaryFolder, temporaryFolder } from "../../store/temporary.ts";

const SPEC = {
  name: "any",
  seed: 1,
  dataset: { name: "mnist" },
  model: { architecture: "dense", latentSize: 2 },
  training: { epochs: 3 },
};
const TEST = { loss: 98.3, reconstruction: 76.1, kl: 22.2 };

async function folderWith(files: Readonly<Record<string, unknown>>): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  for (const [name, value] of Object.entries(files)) {
    await Deno.mkdir(dirname(`${folder.path}/${name}`), { recursive: true });
    await Deno.writeTextFile(
      `${folder.path}/${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    );
  }
  return folder;
}

Deno.test("runs, cells of sweeps and runs of the paper are found with their numbers", async () => {
  await using folder = await folderWith({
    "quick/spec.json": SPEC,
    "quick/metrics.json": { test: { ...TEST, examples: 500 } },
    "trial/sweep.json": {
      name: "trial",
      title: "A trial",
      cells: ["a", "b"].map((name) => ({ name, coordinates: [] })),
    },
    "trial/a/spec.json": SPEC,
    "trial/a/index.html": "",
    "paper/runs/one/spec.json": SPEC,
    "paper/index.html": "",
    "comparison/index.html": "",
    "comparison/comparison.json": { title: "Two runs", command: "", runs: [] },
    "foreign/index.html": "",
    "notes.md": "mine",
  });
  const { runs, sweeps, pages } = findReports(folder.path);
  assert.deepEqual(runs.map(({ name }) => name), ["paper/runs/one", "quick", "trial/a"]);
  const { time: _, ...quick } = runs[1]!;
  assert.deepEqual(quick, {
    name: "quick",
    experiment: "any",
    dataset: "mnist",
    model: "dense 2",
    seed: 1,
    epochs: 3,
    test: TEST,
  });
  assert.equal(runs[2]!.test, null);
  assert.deepEqual(sweeps, [{ name: "trial", title: "A trial", cells: 2, done: 1 }]);
  assert.deepEqual(pages, [
    { name: "comparison", title: "Two runs" },
    { name: "paper", title: "The paper, made again" },
  ]);
});

Deno.test("what is damaged is no report, and named; what is hidden or no report is passed over; no reports are none", async () => {
  await using folder = await folderWith({
    "broken/spec.json": "{",
    "other/spec.json": { dataset: 3 },
    "whole/spec.json": SPEC,
    "whole/metrics.json": "{",
    "words/spec.json": SPEC,
    "words/metrics.json": { test: { loss: "none", reconstruction: 1, kl: 1 } },
    "edited/index.html": "",
    "edited/comparison.json": '{"title": 3}',
    ".quick/new/spec.json": SPEC,
  });
  Deno.symlinkSync("nowhere", `${folder.path}/link`);
  const cell = (name: unknown) => ({ name: "s", title: "t", cells: [{ name, coordinates: [] }] });
  const noSweeps = [{}, [], null, { cells: 3 }, { ...cell("a"), cells: [null] }, cell("../a"), cell("a\0b")];
  for (const [i, value] of noSweeps.entries()) {
    Deno.mkdirSync(`${folder.path}/sweep-${i}`);
    Deno.writeTextFileSync(`${folder.path}/sweep-${i}/sweep.json`, JSON.stringify(value));
  }
  // What never ends, and what would fill the memory.
  for (const name of ["pipe", "zeros", "long"]) Deno.mkdirSync(`${folder.path}/${name}`);
  new Deno.Command("mkfifo", { args: [`${folder.path}/pipe/spec.json`] }).outputSync();
  Deno.symlinkSync("/dev/zero", `${folder.path}/zeros/spec.json`);
  Deno.writeTextFileSync(`${folder.path}/long/spec.json`, "");
  Deno.truncateSync(`${folder.path}/long/spec.json`, 1e9);
  const none = { runs: [], sweeps: [], pages: [] };
  const damaged = ["broken", "long", "other", "pipe", "whole", "words", "zeros"];
  assert.deepEqual(findReports(folder.path), { ...none, damaged });
  assert.deepEqual(findReports(`${folder.path}/none`), { ...none, damaged: [] });
});
