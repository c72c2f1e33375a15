import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { inWords } from "../../pipeline/graph/explain.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { FAKE_MACHINE, FakeExecutor, type FakeOptions } from "./executors/fake.ts";
import { ROOT, toyDeclarations } from "./toy_project.ts";
import { outputText, planToy, runToys, type ToyOptions } from "./toy_store.ts";

const CACHED = ["make: cached", "sum: cached", "draw: cached"];

Deno.test("a second run executes nothing; a changed parameter reruns what it reaches and nothing else", async () => {
  await using folder = await temporaryFolder();
  const first = await runToys(folder.path, [{}]);
  assert.deepEqual(first.executed, ["make: never-ran", "sum: never-ran", "draw: never-ran"]);
  assert.equal(await outputText(folder.path, first, "draw", "index.html"), "==Sum: 45\n"); // 3 (1 + 2 + 3 + 4 + 5)

  assert.deepEqual((await runToys(folder.path, [{}])).executed, []);
  assert.deepEqual(await planToy(folder.path, {}), CACHED);
  assert.deepEqual(await planToy(folder.path, { count: 6 }), [
    "make: changed",
    "sum: upstream",
    "draw: upstream",
  ]);

  const retitled = await runToys(folder.path, [{ title: "Total" }]);
  assert.deepEqual(retitled.executed, ["draw: changed"]);
  assert.equal(await outputText(folder.path, retitled, "draw", "index.html"), "==Total: 45\n");
  // What it was before is still there.
  assert.deepEqual(await planToy(folder.path, {}), CACHED);
});

Deno.test("early cutoff: a stage that ran and made the same bytes reruns nothing behind it", async () => {
  await using folder = await temporaryFolder();
  await runToys(folder.path, [{ modulus: 1000 }]);
  // 15 mod 1000 and 15 mod 100 are the same.
  assert.deepEqual(await planToy(folder.path, { modulus: 100 }), [
    "make: cached",
    "sum: changed",
    "draw: upstream",
  ]);
  assert.deepEqual((await runToys(folder.path, [{ modulus: 100 }])).executed, ["sum: changed"]);
});

Deno.test("a reason names the parameter, before and after", async () => {
  await using folder = await temporaryFolder();
  await runToys(folder.path, [{}]);
  const { events } = await runToys(folder.path, [{ count: 7 }]);
  const reasons = events.flatMap((event) =>
    event.type === "start" && event.reason.kind === "changed"
      ? [[event.stage, ...event.reason.differences.map((d) => inWords(d).replace(/[0-9a-f]{12}/g, "X"))]]
      : []
  );
  assert.deepEqual(reasons, [
    ["make", "parameter count changed 5 -> 7"],
    ["sum", "input make/numbers.txt changed (X -> X)"],
    ["draw", "input sum/sum.txt changed (X -> X)"],
  ]);
});

Deno.test("a result that is lost or damaged is made again, and only that", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(folder.path, [{}]);
  const sum = results.get("sum")!.record;
  const blob = `${folder.path}/cas/${sum.outputs["sum.txt"]!.digest}`;
  await Deno.remove(blob);
  assert.deepEqual((await runToys(folder.path, [{}])).executed, ["sum: lost"]);
  await Deno.chmod(blob, 0o644);
  await Deno.writeTextFile(blob, "99");
  assert.deepEqual((await runToys(folder.path, [{}])).executed, ["sum: lost"]);
  assert.equal(await Deno.readTextFile(blob), "15");
  await Deno.remove(`${folder.path}/ac/${sum.key}.json`);
  assert.deepEqual((await runToys(folder.path, [{}])).executed, ["sum: lost"]);
});

Deno.test("workflows in one run share what they have in common, with several stages at a time", async () => {
  await using folder = await temporaryFolder();
  const specs = Array.from({ length: 6 }, (_, i) => ({ name: `toy-${i}`, title: `Title ${i % 3}` }));
  const { events } = await runToys(folder.path, specs, { slots: 4 });
  const count = (type: string, stage: string) =>
    events.filter((e) => e.type === type && e.stage === stage).length;
  assert.deepEqual(["make", "sum", "draw"].map((stage) => count("finished", stage)), [1, 1, 3]);
  assert.deepEqual(["make", "sum", "draw"].map((stage) => count("cached", stage)), [5, 5, 3]);
});

Deno.test("the record holds what the stage recorded and noticed, its machine and its time, and no output does", async () => {
  await using folder = await temporaryFolder();
  const { record, manifest, code } = (await runToys(folder.path, [{}])).results.get("sum")!;
  assert.deepEqual(record.recorded, { numbers: 5 });
  assert.equal(record.machine.deno, Deno.version.deno);
  assert(record.seconds > 0 && Math.abs(Date.parse(record.started) - Date.now()) < 60_000);
  assert.deepEqual(manifest.slice, { milliseconds: 0, modulus: 1000 });
  assert.deepEqual(Object.keys(manifest.inputs), ["make/numbers.txt"]);
  assert.deepEqual(Object.keys(code.modules), ["tests/graph/toy_stages/sum.ts"]);
});

Deno.test("a stage is given its code, and where its inputs come from, direct or not, in order", async () => {
  await using folder = await temporaryFolder();
  const declarations = toyDeclarations();
  let seen: string[] = [];
  declarations[2] = {
    ...declarations[2]!,
    passthrough: (_, { stages, code }) => {
      seen = stages.map(({ record, manifest }) => `${record.stage} ${Object.keys(manifest.inputs).length}`);
      seen.push(Object.keys(code.modules)[0]!);
      return null;
    },
  };
  await runToys(folder.path, [{}], { declarations });
  assert.deepEqual(seen, ["make 0", "sum 1", "tests/graph/toy_stages/draw.ts"]);
});

Deno.test("Ctrl-C ends a stage at once, and the next run resumes at its checkpoint and ends in the same bytes", async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  const slow = { count: 40, milliseconds: 20 };
  const interruption = new AbortController();
  const reason = new UserError("Interrupted", { exitStatus: 130 });
  const running = runToys(folder.path, [slow], {
    signal: interruption.signal,
    onEvent: ({ type, stage }) => type === "progress" && stage === "sum" && interruption.abort(reason),
  });
  assert.equal(await running.catch((error) => error), reason);

  const resumed = await runToys(folder.path, [slow]);
  const notices = resumed.events.flatMap((event) => event.type === "notice" ? [event.message] : []);
  assert.match(notices.join(), /^resumed after \d+ of 40$/);
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/work`)], []);
  const straight = await runToys(other.path, [slow]);
  for (const stage of ["make", "sum", "draw"]) {
    assert.deepEqual(resumed.results.get(stage)!.record.outputs, straight.results.get(stage)!.record.outputs);
  }
});

/** Options that run toys in a fake executor, which is in `fakes` afterwards. */
function inFake(options: FakeOptions = {}): ToyOptions & { readonly fakes: FakeExecutor[] } {
  const fakes: FakeExecutor[] = [];
  const executor: ToyOptions["executor"] = (store) => {
    const fake = new FakeExecutor(store, ROOT, options);
    fakes.push(fake);
    return fake;
  };
  return { executor, fakes };
}

Deno.test("machine and times in the record are those that the executor tells", async () => {
  await using folder = await temporaryFolder();
  const { record } = (await runToys(folder.path, [{}], inFake())).results.get("draw")!;
  assert.deepEqual([record.machine, record.seconds], [FAKE_MACHINE, 0.5]);
});

Deno.test("an executor is given what is needed, inputs as digests, and no more jobs at a time than it takes", async () => {
  await using folder = await temporaryFolder();
  const declarations = toyDeclarations();
  declarations[1] = { ...declarations[1]!, resources: () => ({ threads: 2 }) };
  const fake = inFake({ slots: 2, queue: () => new Promise((resolve) => setTimeout(resolve, 5)) });
  const specs = Array.from({ length: 4 }, (_, i) => ({ name: `toy-${i}`, count: i + 1 }));
  const { results } = await runToys(folder.path, specs, { ...fake, declarations });
  const { jobs, mostAtOnce } = fake.fakes[0]!;
  assert.equal(mostAtOnce, 2);
  assert.equal(jobs.length, 12);
  const sum = jobs.find(({ id }) => id === results.get("sum")!.key)!;
  const { digest } = results.get("make")!.record.outputs["numbers.txt"]!;
  assert.deepEqual(sum.manifest.inputs, { "make/numbers.txt": digest });
  assert.deepEqual([sum.code.entry, sum.code.variants], ["tests/graph/toy_stages/sum.ts", {}]);
  assert.deepEqual(sum.resources, { threads: 2, memoryBytes: 1.5e9, gpus: 0 });
});

Deno.test("of stages that wait, the one nearest to the end of its workflow goes first", async () => {
  await using folder = await temporaryFolder();
  // Long enough for all that can wait to be waiting when the next one is chosen.
  const fake = inFake({ queue: () => new Promise((resolve) => setTimeout(resolve, 150)) });
  const specs = Array.from({ length: 3 }, (_, i) => ({ name: `toy-${i}`, count: i + 1 }));
  await runToys(folder.path, specs, fake);
  const order = fake.fakes[0]!.jobs.map(({ manifest }) => manifest.stage);
  assert.equal(order.length, 9);
  const [first, , third] = order.flatMap((stage, i) => stage === "make" ? [i] : []);
  assert.equal(first, 0);
  assert(third! > order.indexOf("draw"), `the third workflow began before the first was done: ${order}`);
});

Deno.test("a job that waits in a queue has not started yet", async () => {
  await using folder = await temporaryFolder();
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const events: string[] = [];
  const running = runToys(folder.path, [{}], {
    ...inFake({
      queue: ({ manifest }) => {
        if (manifest.stage !== "make") return;
        entered.resolve();
        return leave.promise;
      },
    }),
    onEvent: ({ type, stage }) => events.push(`${stage} ${type}`),
  });
  await entered.promise;
  assert.deepEqual(events, []);
  leave.resolve();
  await running;
  assert.deepEqual(events.slice(0, 2), ["make start", "make finished"]);
});

Deno.test("a job that is lost before it starts fails its stage; others go on where they are to", async () => {
  await using folder = await temporaryFolder();
  const queue: FakeOptions["queue"] = ({ manifest }) => {
    const { count } = manifest.slice as { count?: number };
    if (count === 1) throw new UserError("Node fake-1 is no more");
  };
  const specs = [{ name: "lost", count: 1 }, { name: "other", count: 2 }];
  for (const keepGoing of [false, true]) {
    const fake = inFake({ queue });
    const events: string[] = [];
    const error = await runToys(`${folder.path}/${keepGoing}`, specs, {
      ...fake,
      keepGoing,
      onEvent: ({ type, stage, experiment }) => events.push(`${experiment} ${stage} ${type}`),
    }).catch((error) => error);
    assert.equal(error.message, "Node fake-1 is no more");
    assert.equal(events[0], "lost make failed");
    assert.equal(events.includes("other draw finished"), keepGoing);
    assert.equal(fake.fakes[0]!.jobs.length, keepGoing ? 4 : 1);
  }
});
