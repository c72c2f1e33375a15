import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { reasonInWords } from "../../pipeline/commands/session/reasons.ts";
import { inWords } from "../../pipeline/graph/explain.ts";
import { Planner } from "../../pipeline/graph/plan.ts";
import type { StageDeclaration } from "../../pipeline/graph/stage.ts";
import { Store } from "../../pipeline/store/store.ts";
import { type TemporaryFolder, temporaryFolder } from "../store/temporary.ts";
import { toyDeclarations, type ToySpec } from "./toy_project.ts";
import { outputText, planToy, runToys } from "./toy_store.ts";

const STAGES = new URL("./toy_stages/", import.meta.url);
const CACHED = ["make: cached", "sum: cached", "draw: cached"];

/** A project of its own with the toy stages, whose code a test may change. */
async function toyProject(): Promise<
  TemporaryFolder & { options: Parameters<typeof planToy>[2] & object; store: string }
> {
  const folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/stages`);
  for (const { name } of Deno.readDirSync(STAGES)) {
    await Deno.copyFile(new URL(name, STAGES), `${folder.path}/stages/${name}`);
  }
  await Deno.writeTextFile(`${folder.path}/deno.json`, "{}");
  await Deno.writeTextFile(`${folder.path}/deno.lock`, '{ "version": "5" }');
  return {
    ...folder,
    store: `${folder.path}/artifacts`,
    options: { root: folder.path, declarations: toyDeclarations(pathToFileURL(`${folder.path}/stages/`)) },
  };
}

async function writeLock(root: string, version: string): Promise<void> {
  await Deno.writeTextFile(
    `${root}/deno.json`,
    JSON.stringify({ imports: { plot: "npm:plot@1" }, nodeModulesDir: "none" }),
  );
  const lock = {
    version: "5",
    specifiers: { "npm:plot@1": "1.0.0" },
    npm: { "plot@1.0.0": { dependencies: ["deep"] }, [`deep@${version}`]: {} },
  };
  await Deno.writeTextFile(`${root}/deno.lock`, JSON.stringify(lock));
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert.notEqual(change(text), text, `the edit of ${path} changes nothing`);
  await Deno.writeTextFile(path, change(text));
}

Deno.test("touching, reformatting and commenting code reruns nothing", async () => {
  await using project = await toyProject();
  await runToys(project.store, [{}], project.options);
  await Deno.utime(`${project.path}/stages/draw.ts`, new Date(), new Date());
  await edit(`${project.path}/stages/constants.ts`, (text) => `// a new comment\n${text}`);
  await edit(
    `${project.path}/stages/arithmetic.ts`,
    (text) => text.replaceAll("  ", "\t\t").replace("x: number", "x:number"),
  );
  await edit(
    `${project.path}/stages/sum.ts`,
    (text) => text.replace("StageContext<", "StageContext< ").replaceAll("\n\n", "\n"),
  );
  assert.deepEqual(await planToy(project.store, {}, project.options), CACHED);
});

Deno.test("a constant three imports away reruns exactly the stage that reaches it, and the reason names its file", async () => {
  await using project = await toyProject();
  await runToys(project.store, [{}], project.options);
  await edit(`${project.path}/stages/constants.ts`, (text) => text.replace("= 3", "= 4"));
  const { executed, events } = await runToys(project.store, [{}], project.options);
  assert.deepEqual(executed, ["draw: changed"]);
  const start = events.find((event) => event.type === "start")!;
  assert(start.reason.kind === "changed");
  assert.match(
    start.reason.differences.map(inWords).join(),
    /^file stages\/constants\.ts changed \(\w+ -> \w+\)$/,
  );
});

/** make -> arrange: a stage that loads variants by their roles. */
function arranging(folder: URL, roles: Readonly<Record<string, string>>): StageDeclaration<ToySpec>[] {
  return [toyDeclarations(folder)[0]!, {
    name: "arrange",
    module: new URL("arrange.ts", folder),
    slice: () => null,
    modules: () =>
      Object.fromEntries(Object.entries(roles).map(([role, file]) => [role, new URL(file, folder)])),
    inputs: () => [{ stage: "make", path: "numbers.txt" }],
    permissions: () => ({}),
  }];
}

Deno.test("a variant that a stage loads is part of its key, with what it imports; one that it does not load is not", async () => {
  await using project = await toyProject();
  const roles = { first: "ascending.ts", second: "descending.ts" };
  const declarations = arranging(pathToFileURL(`${project.path}/stages/`), roles);
  const options = { root: project.path, declarations };
  const first = await runToys(project.store, [{ count: 3 }], options);
  assert.deepEqual(first.executed, ["make: never-ran", "arrange: never-ran"]);
  assert.equal(await outputText(project.store, first, "arrange", "first.txt"), "1\n2\n3");
  assert.equal(await outputText(project.store, first, "arrange", "second.txt"), "3\n2\n1");

  await edit(`${project.path}/stages/shuffled.ts`, (text) => text.replaceAll("7", "3"));
  assert.deepEqual((await runToys(project.store, [{ count: 3 }], options)).executed, []);

  for (
    const [file, change] of [["descending.ts", "b - a + 0"], ["constants.ts", "FACTOR: number = 4"]] as const
  ) {
    await edit(
      `${project.path}/stages/${file}`,
      (text) => text.replace(/b - a;|FACTOR: number = 3/, change),
    );
    const { executed, events } = await runToys(project.store, [{ count: 3 }], options);
    assert.deepEqual(executed, ["arrange: changed"]);
    const start = events.find((event) => event.type === "start")!;
    assert.match(reasonInWords(start.reason), new RegExp(`^file stages/${file} changed \\(\\w+ -> \\w+\\)$`));
  }
});

Deno.test("which variant has which role is part of a key, and the reason names the role", async () => {
  await using project = await toyProject();
  const folder = pathToFileURL(`${project.path}/stages/`);
  const run = async (first: string, second: string) => {
    const declarations = arranging(folder, { first, second });
    const run = await runToys(project.store, [{ count: 3 }], { root: project.path, declarations });
    const start = run.events.find((event) => event.type === "start");
    return {
      text: await outputText(project.store, run, "arrange", "first.txt"),
      reason: start && reasonInWords(start.reason),
    };
  };
  assert.equal((await run("ascending.ts", "descending.ts")).text, "1\n2\n3");
  assert.deepEqual(await run("descending.ts", "ascending.ts"), {
    text: "3\n2\n1",
    reason: "variant first changed stages/ascending.ts -> stages/descending.ts; " +
      "variant second changed stages/descending.ts -> stages/ascending.ts",
  });
  assert.deepEqual(await run("descending.ts", "ascending.ts"), { text: "3\n2\n1", reason: undefined });
});

Deno.test("a variant has a role only where the declaration gives it one", async () => {
  await using project = await toyProject();
  const declarations = arranging(pathToFileURL(`${project.path}/stages/`), { first: "ascending.ts" });
  const error = await runToys(project.store, [{}], { root: project.path, declarations }).catch((e) => e);
  assert.match(error.message, /Cannot load the second of arrange: its modules are first$/);
});

Deno.test("a file beside the code that a stage reads is part of its key", async () => {
  await using project = await toyProject();
  await runToys(project.store, [{}], project.options);
  await Deno.writeTextFile(`${project.path}/stages/frame.txt`, "## ");
  assert.deepEqual((await runToys(project.store, [{}], project.options)).executed, ["draw: changed"]);
});

Deno.test("a new version of a package, also of one that a package depends on, reruns what reaches it", async () => {
  await using project = await toyProject();
  const plan = async () => {
    using store = await Store.open(project.store);
    const planner = new Planner(project.options.declarations!, store, project.path);
    const code = await planner.code.code(project.options.declarations![2]!.module);
    await planner.code.save();
    return code;
  };
  await edit(`${project.path}/stages/helpers.ts`, (text) => `import "plot";\n${text}`);
  await writeLock(project.path, "1.0.0");
  const before = await plan();
  assert.deepEqual(before.manifest.packages, { deep: "1.0.0", plot: "1.0.0" });
  await writeLock(project.path, "1.0.1");
  const after = await plan();
  assert.deepEqual(after.manifest.packages, { deep: "1.0.1", plot: "1.0.0" });
  assert.deepEqual(after.manifest.modules, before.manifest.modules);
  assert.notEqual(after.digest, before.digest);
});

Deno.test("code that is edited while its stage runs is noticed, and the result is not kept", async () => {
  await using project = await toyProject();
  const slow = { count: 20, milliseconds: 20 };
  const sumBegins = Promise.withResolvers<void>();
  const running = runToys(project.store, [slow], {
    ...project.options,
    onEvent: ({ type, stage }) => type === "progress" && stage === "sum" && sumBegins.resolve(),
  }).catch((error) => error);
  await Promise.race([sumBegins.promise, running]);
  await edit(`${project.path}/stages/sum.ts`, (text) => text.replace("sum % modulus", "sum % modulus + 1"));
  assert.match((await running).message, /result of stage sum is not kept: its code changed while it ran/);
  assert.deepEqual(await planToy(project.store, slow, project.options), [
    "make: cached",
    "sum: never-ran",
    "draw: upstream",
  ]);
});
