import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import type { StagePermissions } from "../../../pipeline/graph/stage.ts";
import { type TemporaryFolder, temporaryFolder } from "../../store/temporary.ts";
import { TOY, toyDeclarations } from "../toy_project.ts";
import { outputText, runToys } from "../toy_store.ts";

/** Runs the stage that misbehaves, after `make`, and returns how it failed. */
async function misbehave(
  folder: TemporaryFolder,
  how: string,
  target: string,
  permissions: StagePermissions = {},
): Promise<UserError> {
  const declarations = [toyDeclarations()[0]!, {
    name: "misbehave",
    module: new URL("../toy_stages/misbehave.ts", import.meta.url),
    slice: () => ({ how, target }),
    inputs: () => [{ stage: "make", path: "notes/" }],
    permissions: () => permissions,
  }];
  const error = await runToys(`${folder.path}/artifacts`, [TOY], { declarations }).then(
    () => undefined,
    (e) => e,
  );
  assert(error === undefined || error instanceof UserError, String(error?.stack));
  return error!;
}

function leftInWork(folder: TemporaryFolder): string[] {
  return [...Deno.readDirSync(`${folder.path}/artifacts/work`)].map(({ name }) => name);
}

Deno.test("a stage that reads what it does not declare fails with a message that names the file", async () => {
  await using folder = await temporaryFolder();
  const secret = `${folder.path}/secret.txt`;
  await Deno.writeTextFile(secret, "secret");
  const error = await misbehave(folder, "read", secret);
  assert.equal(
    error.message,
    `Stage misbehave asked for read access to "${secret}", which it does not declare`,
  );
  assert.match(error.notes.join(), /permissions in the declaration of .*misbehave\.ts/);
  assert.equal(error.exitStatus, 1);
  // The same read, declared, is granted.
  assert.equal(await misbehave(folder, "read", secret, { read: [secret] }), undefined);
});

Deno.test("an input of the stage before it that it did not declare is out of its reach", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(`${folder.path}/artifacts`, [TOY]);
  const { digest } = results.get("make")!.record.outputs["numbers.txt"]!;
  const blob = `${folder.path}/artifacts/cas/${digest}`;
  assert.match((await misbehave(folder, "read", blob)).message, new RegExp(`read access to "${blob}"`));
});

Deno.test("a stage writes to its own folders only, cannot ask what machine it is on, and reaches network and programs only where it declares them", async () => {
  await using folder = await temporaryFolder();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = String((listener.addr as Deno.NetAddr).port);
  const cases = [
    ["write", `${folder.path}/intruder`, /write access to "[^"]+intruder"/],
    ["connect", port, new RegExp(`net access to "127\\.0\\.0\\.1:${port}"`)],
    ["run", "/bin/true", /run access to "\/bin\/true"/],
    ["memory", "", /sys access to "systemMemoryInfo"/],
    [
      "import",
      new URL("../toy_project.ts", import.meta.url).href,
      /read access to "[^"]+toy_project\.ts"/,
    ],
  ] as const;
  for (const [how, target, message] of cases) {
    assert.match((await misbehave(folder, how, target)).message, message);
  }
  assert.deepEqual([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["artifacts"]);
});

Deno.test("the name of an output cannot lead out of its folder", async () => {
  await using folder = await temporaryFolder();
  for (const target of ["../escape", "/tmp/escape", "a/../../escape", "", "a//b", "."]) {
    assert.match((await misbehave(folder, "escape", target)).message, /it must be a relative path/);
  }
});

Deno.test("a UserError comes through as it was thrown", async () => {
  await using folder = await temporaryFolder();
  const error = await misbehave(folder, "user-error", "");
  assert.equal(error.message, "The toy is broken");
  assert.deepEqual(error.notes, ["Mend it."]);
});

Deno.test("a defect is told in one line; the trace and what was printed are in a log, and no output is left", async () => {
  await using folder = await temporaryFolder();
  const error = await misbehave(folder, "defect", "");
  assert.equal(error.message, "Stage misbehave failed: off by one");
  const log = await Deno.readTextFile(/\S+\.log$/.exec(error.notes.join(" "))![0]);
  assert.match(log, /RangeError: off by one\n\s+at run \(.*misbehave\.ts/);
  assert.match(log, /printed before the end/);
  assert.deepEqual(leftInWork(folder), []);
});

Deno.test("a worker that ends without a word is told, with what it printed", async () => {
  await using folder = await temporaryFolder();
  const error = await misbehave(folder, "exit", "");
  assert.equal(error.message, "Stage misbehave failed: its worker ended with status 7 without a word");
  assert.deepEqual(error.notes.slice(0, 2).sort(), ["about to leave", "printed before the end"]);
});

Deno.test("a worker says whom it waits for where another one of its stage has not ended", async () => {
  await using folder = await temporaryFolder();
  const { results } = await runToys(folder.path, [{}]);
  const changed = { modulus: 7 };
  let key = "";
  const held: Deno.FsFile[] = [];
  const run = await runToys(folder.path, [changed], {
    onEvent: (event) => {
      if (event.type === "start" && event.stage === "sum") {
        key = event.key;
        const file = Deno.openSync(`${folder.path}/work/${key}/lock`, { create: true, write: true });
        file.lockSync(true);
        file.writeSync(new TextEncoder().encode('{"pid":4711,"since":"2026-01-01T00:00:00.000Z"}'));
        held.push(file);
      }
      if (event.type === "notice") held.pop()?.close();
    },
  });
  const notices = run.events.flatMap((event) => event.type === "notice" ? [event.message] : []);
  assert.match(
    notices.join(),
    /another worker of this stage \(process 4711, since 2026-01-01T00:00:00.000Z\)/,
  );
  assert.notEqual(results.get("sum")!.key, key);
});

for (const gpu of [false, true]) {
  Deno.test(`what changes the libraries that programs load ${gpu ? "reaches a worker that computes on a GPU, since its driver may lie there" : "does not reach a worker"}`, async () => {
    await using folder = await temporaryFolder();
    const variables = ["LD_LIBRARY_PATH", "LD_PRELOAD_OF_NOTHING"];
    const declarations = [{
      name: "curious",
      module: new URL("../toy_stages/curious.ts", import.meta.url),
      slice: () => ({ expressions: variables.map((name) => `Deno.env.get('${name}')`) }),
      inputs: () => [],
      permissions: () => ({ env: variables, gpu }),
    }];
    for (const name of variables) Deno.env.set(name, "/opt/conda/lib");
    try {
      const run = await runToys(folder.path, [{}], { declarations });
      const found = await outputText(folder.path, run, "curious", "answers.txt");
      assert.deepEqual(found.split("\n"), [gpu ? '"/opt/conda/lib"' : "undefined", "undefined"]);
    } finally {
      for (const name of variables) Deno.env.delete(name);
    }
  });
}
