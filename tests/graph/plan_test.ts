import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { type PlannedStage, Planner, resultOf, type Workflow } from "../../pipeline/graph/plan.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { Store } from "../../pipeline/store/store.ts";
import { putResult } from "../store/result.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { ROOT, TOY, toyDeclarations, type ToySpec } from "./toy_project.ts";

const OUTPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  make: { "numbers.txt": "1", "notes/a.txt": "a", "notes/b.txt": "b" },
  sum: { "sum.txt": "1" },
  draw: { "index.html": "1" },
};

/** A planner of the toy stages over a new store. */
async function openToys(): Promise<AsyncDisposable & { store: Store; planner: Planner<ToySpec> }> {
  const folder = await temporaryFolder();
  const store = await Store.open(folder.path);
  const planner = new Planner(toyDeclarations(), store, ROOT);
  return {
    store,
    planner,
    [Symbol.asyncDispose]: async () => {
      await planner.code.save();
      store[Symbol.dispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

function workflowOf(change: Partial<ToySpec> = {}): Workflow<ToySpec> {
  const spec = { ...TOY, ...change };
  return { name: spec.name, spec, settings: null };
}

/** Puts results of stages into the store, as if they had run. @param stages the first ones of the pipeline */
async function fill(
  store: Store,
  planner: Planner<ToySpec>,
  workflow: Workflow<ToySpec>,
  stages: readonly string[],
): Promise<Map<string, ActionRecord>> {
  const records = new Map<string, ActionRecord>();
  for (const stage of stages) {
    const { key, text, code } = await planner.task(planner.declaration(stage), workflow, records);
    store.putText(text, key);
    store.putJson(code.manifest);
    records.set(stage, await putResult(store, key, OUTPUTS[stage]!, stage));
    const entry = {
      experiment: workflow.name,
      stage,
      key,
      outcome: "ran",
      time: "2026-01-01T00:00:00Z",
    } as const;
    await store.history.add(entry);
  }
  return records;
}

function kinds(planned: readonly PlannedStage[]): string[] {
  return planned.map((stage) => `${stage.stage}: ${stage.result ? stage.from : stage.reason.kind}`);
}

Deno.test("what has a result is planned as cached, what has none with its reason, and what reads that as upstream", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  assert.deepEqual(kinds(await planner.plan(workflowOf())), [
    "make: never-ran",
    "sum: upstream",
    "draw: upstream",
  ]);
  await fill(store, planner, workflowOf(), ["make", "sum"]);
  const planned = await planner.plan(workflowOf());
  assert.deepEqual(kinds(planned), ["make: store", "sum: store", "draw: never-ran"]);
  assert.deepEqual(planned.map(({ key }) => key?.length), [64, 64, 64]);
});

Deno.test("of a stage behind one that runs, what is known to differ is told before its inputs are known", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  await fill(store, planner, workflowOf(), ["make", "sum", "draw"]);
  const planned = await planner.plan(workflowOf({ count: 6, title: "Total" }));
  assert.deepEqual(planned.map((stage) => stage.result ? null : stage.reason), [
    { kind: "changed", differences: [{ kind: "parameter", name: "count", before: 5, after: 6 }] },
    { kind: "upstream", stages: ["make"], differences: [] },
    {
      kind: "upstream",
      stages: ["sum"],
      differences: [{ kind: "parameter", name: "title", before: "Sum", after: "Total" }],
    },
  ]);
  assert.deepEqual(planned.map(({ key }) => key === undefined), [false, true, true]);
});

Deno.test("a key holds the slice and the inputs' contents: neither the experiment's name nor other parameters", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  await fill(store, planner, workflowOf(), ["make", "sum", "draw"]);
  const cached = ["make: store", "sum: store"];
  assert.deepEqual(kinds(await planner.plan(workflowOf({ name: "other" }))), [...cached, "draw: store"]);
  assert.deepEqual(kinds(await planner.plan(workflowOf({ title: "Total" }))), [...cached, "draw: changed"]);
});

Deno.test("results that only another place has are planned as its own, and why it could not be asked is passed on", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const records = await fill(store, new Planner(toyDeclarations(), store, ROOT), workflowOf(), [
    "make",
    "sum",
  ]);
  const elsewhere = new Map(Array.from(records.values(), (record) => [record.key, record]));
  for (const { key } of records.values()) await Deno.remove(store.recordPath(key));
  const asked: string[] = [];
  const planner = new Planner(toyDeclarations(), store, ROOT, (key, { stage }) => {
    asked.push(stage);
    const record = elsewhere.get(key);
    return Promise.resolve(record ? { record } : { problem: "it is asleep" });
  });
  const planned = await planner.plan(workflowOf());
  assert.deepEqual(kinds(planned), ["make: remote", "sum: remote", "draw: never-ran"]);
  assert.deepEqual(asked, ["make", "sum", "draw"]);
  assert.equal(planned[2]!.result === undefined && planned[2]!.remoteProblem, "it is asleep");
});

Deno.test("a stage's slice is read once: its key and what it is expected to write speak of the same files", async () => {
  await using toys = await openToys();
  let asked = 0;
  const declaration: StageDeclaration<ToySpec> = {
    ...toyDeclarations()[0]!,
    slice: (_spec, _settings, digests) => {
      assert.equal(digests, toys.store.digests);
      return Promise.resolve({ reading: ++asked });
    },
    outputs: (_spec, _settings, slice) => ({
      outputs: [{ path: `${(slice as { reading: number }).reading}.txt`, mostBytes: 9 }],
    }),
  };
  const { manifest, expected } = await toys.planner.task(declaration, workflowOf(), new Map());
  assert.deepEqual(manifest.slice, { reading: 1 });
  assert.equal(expected.outputs![0]!.path, "1.txt");
});

Deno.test("an input is one file, all files below a folder, or all outputs; one that is not there is a defect", async () => {
  await using toys = await openToys();
  const { store } = toys;
  const reading = (path: string): StageDeclaration<ToySpec>[] => [
    toyDeclarations()[0]!,
    { ...toyDeclarations()[1]!, inputs: () => [{ stage: "make", path }] },
  ];
  const inputsOf = async (path: string) => {
    const planner = new Planner(reading(path), store, ROOT);
    const records = await fill(store, planner, workflowOf(), ["make"]);
    const { manifest } = await planner.task(planner.declaration("sum"), workflowOf(), records);
    return Object.keys(manifest.inputs);
  };
  assert.deepEqual(await inputsOf("numbers.txt"), ["make/numbers.txt"]);
  assert.deepEqual(await inputsOf("notes/"), ["make/notes/a.txt", "make/notes/b.txt"]);
  assert.deepEqual(await inputsOf(""), ["make/notes/a.txt", "make/notes/b.txt", "make/numbers.txt"]);
  await assert.rejects(
    inputsOf("letters.txt"),
    /Stage sum reads make\/letters\.txt, which make did not write/,
  );
  assert.throws(() => new Planner(reading(""), store, ROOT).declaration("draw"), /it is not declared/);
});

Deno.test("where inputs come from is all stages before, direct or not, in the order of the pipeline", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  const records = await fill(store, planner, workflowOf(), ["make", "sum"]);
  const taskOf = (stage: string) => planner.task(planner.declaration(stage), workflowOf(), records);
  const provenance = async (stage: string) => {
    const { stages } = await planner.provenance(
      await taskOf(stage),
      async (before) => resultOf(await taskOf(before), records.get(before)!),
    );
    return stages.map(({ manifest, code }) => [manifest.stage, code.entry]);
  };
  const [make, sum] = ["make", "sum"].map((stage) => [stage, `tests/graph/toy_stages/${stage}.ts`]);
  assert.deepEqual(await provenance("draw"), [make, sum]);
  assert.deepEqual(await provenance("make"), []);
});

Deno.test("two keys that ever were are compared by what they stood for, and not at all where that is lost", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  const [before, after] = await Promise.all([5, 6].map(async (count) => {
    const records = await fill(store, planner, workflowOf({ count }), ["make"]);
    return records.get("make")!.key;
  }));
  const change = { kind: "parameter", name: "count", before: 5, after: 6 };
  assert.deepEqual(planner.between(before!, after!), [change]);
  await Deno.remove(store.blobPath(before!));
  assert.deepEqual(planner.between(before!, after!), []);
  assert.deepEqual(planner.between(after!, before!), []);
});

Deno.test("where what a spec names cannot be read, the last result takes its place, and else nothing is known", async () => {
  await using toys = await openToys();
  const { store, planner } = toys;
  await fill(store, planner, workflowOf(), ["make", "sum", "draw"]);
  const problem = new UserError("Cannot read the numbers");
  const [make, ...others] = toyDeclarations() as [StageDeclaration<ToySpec>, ...StageDeclaration<ToySpec>[]];
  const unreadable: StageDeclaration<ToySpec> = {
    ...make,
    slice: () => {
      throw problem;
    },
  };
  const blind = new Planner([unreadable, ...others], store, ROOT);
  const planned = await blind.plan(workflowOf());
  assert.deepEqual(kinds(planned), ["make: store", "sum: store", "draw: store"]);
  assert.equal((planned[0] as { unreadable?: UserError }).unreadable, problem);
  const none = await blind.plan(workflowOf({ name: "never-ran" }));
  assert.deepEqual(kinds(none), ["make: unreadable", "sum: upstream", "draw: upstream"]);
});
