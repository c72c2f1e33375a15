import assert from "node:assert/strict";
import {
  candidatesInFolder,
  plannedOutcome,
  storedOutcome,
  SWEEP_FILE,
} from "../../../pipeline/commands/session/outcomes.ts";
import { Planner } from "../../../pipeline/graph/plan.ts";
import type { Experiment } from "../../../pipeline/spec/experiment.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { FakeExecutor } from "../../graph/executors/fake.ts";
import { ROOT, TOY } from "../../graph/toy_project.ts";
import { runToys } from "../../graph/toy_store.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { TOY_PROJECT } from "../toy_project.ts";

const SETTINGS = { engine: "portable", reportFolder: "/reports/toy" } as const;
const fake = { executor: (store: Store) => new FakeExecutor(store, ROOT) };

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}

/** What has become of a toy spec, as a store knows it. */
async function outcomeOf(folder: string, change: object = {}) {
  using store = await Store.open(folder);
  const declarations = await TOY_PROJECT.declarations();
  const planner = new Planner(declarations, store, ROOT);
  const spec = { ...TOY, ...change } as unknown as Experiment;
  const outcome = await plannedOutcome(store, planner, spec, SETTINGS, "report.html");
  await planner.code.save();
  return outcome;
}

Deno.test("a finished run is read by stage and path", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(folder.path, [{}], fake);
  using store = await Store.open(folder.path);
  const outcome = storedOutcome(store, results, null);
  assert.equal(text(await outcome.read("draw/index.html")), "==Sum: 45\n");
  assert.equal(text(await outcome.read("make/notes/readme.txt")), "always the same");
  assert.equal(await outcome.read("draw/nothing.txt"), undefined);
  assert.equal(await outcome.read("nobody/index.html"), undefined);
  assert.deepEqual([...outcome.records.keys()], ["make", "sum", "draw"]);
});

Deno.test("an experiment is done, has failed, or is missing, and the stage is named", async () => {
  await using folder = await temporaryFolder();
  assert.deepEqual(await outcomeOf(folder.path), {
    status: "missing",
    reason: "the store has no result of its stage make",
  });
  await runToys(folder.path, [{}], fake);
  const done = await outcomeOf(folder.path);
  assert(done.status === "done");
  assert.equal(done.link, "report.html");
  await runToys(folder.path, [{ count: 1e10 }], fake).catch(() => {}); // no list is as long
  assert.deepEqual(await outcomeOf(folder.path, { count: 1e10 }), {
    status: "failed",
    reason: "its stage make failed when it last ran",
    notes: [],
  });
  assert.equal((await outcomeOf(folder.path, { count: 2e10 })).status, "missing");
});

Deno.test("a folder is one report, or those of a sweep's cells as far as there are any", async () => {
  await using folder = await temporaryFolder();
  const report = async (name: string) => {
    await Deno.mkdir(`${folder.path}/${name}`, { recursive: true });
    await Deno.writeTextFile(`${folder.path}/${name}/spec.json`, JSON.stringify({ name }));
    await Deno.writeTextFile(`${folder.path}/${name}/metrics.json`, "{}");
  };
  await report("one");
  const { title, candidates: [one] } = await candidatesInFolder(
    TOY_PROJECT,
    `${folder.path}/one`,
    folder.path,
  );
  assert.deepEqual([title, one!.name, one!.origin], ["one", "one", `${folder.path}/one`]);
  assert(one!.outcome.status === "done");
  assert.equal(one!.outcome.link, "one/index.html");
  assert.equal(text(await one!.outcome.read("evaluate/metrics.json")), "{}");
  assert.equal(await one!.outcome.read("evaluate/no-such-file"), undefined);

  await report("trial/a");
  const coordinates = [{ axis: "count", value: 1, index: 0 }];
  const cells = [{ name: "a", coordinates }, { name: "b", coordinates }];
  await Deno.writeTextFile(
    `${folder.path}/trial/${SWEEP_FILE}`,
    JSON.stringify({ name: "trial", title: "A trial", cells }),
  );
  const sweep = await candidatesInFolder(TOY_PROJECT, `${folder.path}/trial`, folder.path);
  assert.equal(sweep.title, "A trial");
  assert.deepEqual(sweep.candidates.map(({ origin, coordinates }) => [origin, coordinates]), [[
    "trial",
    coordinates,
  ]]);
});

Deno.test("a folder that is no report, and a list that is damaged, are told", async () => {
  await using folder = await temporaryFolder();
  const compared = () => candidatesInFolder(TOY_PROJECT, folder.path, folder.path);
  await assert.rejects(compared(), {
    message: `Cannot compare ${folder.path}: it is no report`,
    exitStatus: 2,
  });
  await Deno.writeTextFile(`${folder.path}/${SWEEP_FILE}`, "{");
  await assert.rejects(compared(), { message: `Cannot read ${folder.path}/${SWEEP_FILE}: it is damaged` });
});
