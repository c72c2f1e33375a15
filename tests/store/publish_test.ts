import assert from "node:assert/strict";
import { publish } from "../../pipeline/store/publish.ts";
import { isPresent, listFiles } from "../../pipeline/store/disk.ts";
import type { ActionRecord } from "../../pipeline/store/record.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { KEY, putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;

/** Files of a folder but for manifests of what was published. */
function filesOf(folder: string): string[] {
  return listFiles(folder).filter((name) => !/(^|\/)\.published\.json$/.test(name));
}

Deno.test("a report folder holds the outputs and nothing else, and is not touched when it does already", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const target = `${folder.path}/reports/name`;
  const first = await putResult(store, KEY, { "index.html": "one", "figures/a.svg": "<svg/>" });
  await publish(store, first, target, NEVER);
  assert.deepEqual(filesOf(target), ["figures/a.svg", "index.html"]);
  const { ino } = await Deno.stat(`${target}/index.html`);
  await publish(store, first, target, NEVER);
  assert.equal((await Deno.stat(`${target}/index.html`)).ino, ino);

  const second = await putResult(store, sha256("second"), { "index.html": "two" });
  await publish(store, second, target, NEVER);
  assert.deepEqual(filesOf(`${folder.path}/reports`), ["name/index.html"]);
  assert.equal(await Deno.readTextFile(`${target}/index.html`), "two");
});

Deno.test("an edited report is made good again, and the edit never reaches the store", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "index.html": "one" });
  const target = `${folder.path}/reports/name`;
  await publish(store, record, target, NEVER);
  await Deno.writeTextFile(`${target}/index.html`, "edited");
  assert((await store.lookup(KEY)).record);
  await publish(store, record, target, NEVER);
  assert.equal(await Deno.readTextFile(`${target}/index.html`), "one");
});

Deno.test("notes that a reader put beside a report stay, whatever becomes of the report", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const target = `${folder.path}/reports/name`;
  const first = await putResult(store, KEY, { "index.html": "one", "old/figure.svg": "<svg/>" });
  await publish(store, first, target, NEVER);
  await Deno.mkdir(`${target}/mine`);
  await Deno.writeTextFile(`${target}/mine/notes.md`, "important");
  const { ino } = await Deno.stat(target);
  await publish(store, first, target, NEVER);
  assert.equal((await Deno.stat(target)).ino, ino);
  const second = await putResult(store, sha256("second"), { "index.html": "two" });
  await publish(store, second, target, NEVER);
  assert.deepEqual(filesOf(target), ["index.html", "mine/notes.md"]);
  assert.equal(await Deno.readTextFile(`${target}/mine/notes.md`), "important");
});

Deno.test("what a process left that was killed while it published is cleared away", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "index.html": "one" });
  const reports = `${folder.path}/reports`;
  await Deno.mkdir(`${reports}/.name.publishing/new`, { recursive: true });
  await Deno.writeTextFile(`${reports}/.name.publishing/new/half.html`, "half");
  await publish(store, record, `${reports}/name`, NEVER);
  assert.deepEqual(filesOf(reports), ["name/index.html"]);
});

Deno.test("a user's file stays, also where the store has its very content, and where a report of old is no longer", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const target = `${folder.path}/reports/name`;
  const first = await putResult(store, KEY, { "index.html": "one", "figures/a.svg": "<svg/>" });
  await publish(store, first, target, NEVER);
  await Deno.copyFile(`${target}/figures/a.svg`, `${target}/figures/my copy.svg`);
  await Deno.mkdir(`${target}/empty`);
  await Deno.symlink("figures/a.svg", `${target}/link.svg`);
  await Deno.writeTextFile(`${target}/figures/a.svg`, "<svg>edited</svg>");
  await Deno.writeTextFile(`${target}/table.csv`, "mine");

  const second = await putResult(store, sha256("2"), { "index.html": "two", "table.csv": "the report's" });
  await publish(store, second, target, NEVER);
  const kept = [...Deno.readDirSync(target)].map(({ name }) => name).sort();
  assert.deepEqual(kept, [
    ".published.json",
    "empty",
    "figures",
    "index.html",
    "link.svg",
    "replaced",
    "table.csv",
  ]);
  assert.deepEqual(listFiles(`${target}/figures`), ["a.svg", "my copy.svg"]);
  assert.equal(await Deno.readTextFile(`${target}/figures/a.svg`), "<svg>edited</svg>");
  assert.equal(await Deno.readTextFile(`${target}/table.csv`), "the report's");
  assert.equal(await Deno.readTextFile(`${target}/replaced/table.csv`), "mine");

  await Deno.writeTextFile(`${target}/table.csv`, "mine again");
  await publish(store, second, target, NEVER);
  assert.equal(await Deno.readTextFile(`${target}/replaced-2/table.csv`), "mine again");
});

Deno.test("a report is not published over a file, and through a link into the folder that it leads to", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "index.html": "one" });
  await Deno.mkdir(`${folder.path}/elsewhere/place`, { recursive: true });
  await Deno.symlink(`${folder.path}/elsewhere/place`, `${folder.path}/link`);
  await publish(store, record, `${folder.path}/link`, NEVER);
  assert.equal(await Deno.readTextFile(`${folder.path}/elsewhere/place/index.html`), "one");
  assert((await Deno.lstat(`${folder.path}/link`)).isSymlink);
  await Deno.writeTextFile(`${folder.path}/file`, "mine");
  await assert.rejects(publish(store, record, `${folder.path}/file`, NEVER), /there is a file of this name/);
  assert.equal(await Deno.readTextFile(`${folder.path}/file`), "mine");
});

Deno.test("a user's file whose name is no Unicode stays as well", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const target = `${folder.path}/reports/name`;
  await publish(store, await putResult(store, KEY, { "index.html": "one" }), target, NEVER);
  const script = `printf mine > "$1/$(printf '\\377').txt"`;
  assert((await new Deno.Command("sh", { args: ["-c", script, "sh", target] }).output()).success);
  await publish(store, await putResult(store, sha256("2"), { "index.html": "two" }), target, NEVER);
  assert.equal(await Deno.readTextFile(`${target}/index.html`), "two");
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", 'cat "$1"/replaced/old/*.txt', "sh", target],
  })
    .output();
  assert.equal(new TextDecoder().decode(stdout), "mine");
});

Deno.test("what the store has damaged is not published", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "index.html": "one" });
  const blob = store.blobPath(record.outputs["index.html"]!.digest);
  await Deno.chmod(blob, 0o644);
  await Deno.writeTextFile(blob, "two");
  await assert.rejects(publish(store, record, `${folder.path}/reports/name`, NEVER), /damaged in the store/);
  assert.deepEqual(listFiles(`${folder.path}/reports`), []);
});

for (const [how, kill] of [["killed", true], ["failing", false]] as const) {
  Deno.test(`${how} at every call to the system, publish leaves the old report or the new one, and a user's files`, async () => {
    const old = { "index.html": "one", "figures/a.svg": "<svg/>", "gone.csv": "1" };
    const fresh = { "index.html": "two", "figures/a.svg": "<svg/>", "figures/b.svg": "<svg>b</svg>" };
    let moments = 0;
    for (let at = 1;; at++) {
      await using folder = await temporaryFolder();
      using store = await Store.open(`${folder.path}/artifacts`);
      const target = `${folder.path}/reports/name`;
      const [first, second] = [await putResult(store, KEY, old), await putResult(store, sha256("2"), fresh)];
      await publish(store, first, target, NEVER);
      await Deno.mkdir(`${target}/mine`);
      await Deno.writeTextFile(`${target}/mine/notes.md`, "important");
      await Deno.copyFile(`${target}/gone.csv`, `${target}/my copy.csv`);

      const ended = await withFault(at, kill, () => publish(store, second, target, NEVER));
      const isNew = assertOldOrNew(target, old, fresh, ended === "whole");
      // What comes next, the old report or the new one, is as if nothing had happened.
      const next: ActionRecord = at % 2 ? second : first;
      const beside = listFiles(`${folder.path}/reports`);
      await publish(store, next, target, NEVER);
      const expected = [...Object.keys(next === second ? fresh : old), "mine/notes.md", "my copy.csv"];
      assert.deepEqual(filesOf(target), expected.sort(), `call ${at}, ${isNew}: ${beside}`);
      assert.deepEqual([...Deno.readDirSync(`${folder.path}/reports`)].map(({ name }) => name), ["name"]);
      assert.equal(await Deno.readTextFile(`${target}/mine/notes.md`), "important");
      assert.equal(await Deno.readTextFile(`${target}/my copy.csv`), "1");
      if (ended === "whole") break;
      moments = at;
    }
    assert(moments > 20, `only ${moments} calls were seen`);
  });
}

/** Calls of Deno that change or read the disk. */
const CALLS = [
  "renameSync",
  "mkdirSync",
  "removeSync",
  "copyFile",
  "chmodSync",
  "openSync",
  "open",
  "readDirSync",
  "statSync",
  "lstatSync",
  "realPathSync",
  "readTextFileSync",
  "writeTextFileSync",
] as const;

/**
 * Runs `work` while the call of number `at` fails as on a broken disk. A kill is the same with all calls after it,
 * and nothing of this process that is not on the disk is looked at afterwards.
 */
async function withFault(at: number, kill: boolean, work: () => Promise<void>): Promise<"whole" | "broken"> {
  // deno-lint-ignore no-explicit-any -- stands in for any of its calls
  const system = Deno as any;
  const real = Object.fromEntries(CALLS.map((name) => [name, system[name]]));
  let calls = 0;
  for (const name of CALLS) {
    // deno-lint-ignore no-explicit-any
    system[name] = (...given: any[]) => {
      calls++;
      if (calls === at || (kill && calls > at)) {
        throw Object.assign(new Error(`injected into ${name}`), { code: "EIO" });
      }
      return real[name](...given);
    };
  }
  try {
    await work();
    return "whole";
  } catch (error) {
    assert.match(String(error), /injected into|SuppressedError/);
    return "broken";
  } finally {
    Object.assign(system, real);
  }
}

/** @returns whether it is the new report; between two renames it stands beside its place */
function assertOldOrNew(
  target: string,
  old: Record<string, string>,
  fresh: Record<string, string>,
  mustBeNew: boolean,
): boolean {
  const aside = target.replace(/name$/, ".name.publishing/old");
  const folder = isPresent(target) ? target : aside;
  const isNew = Deno.readTextFileSync(`${folder}/index.html`) === fresh["index.html"];
  if (mustBeNew) assert(isNew);
  for (const [path, text] of Object.entries(isNew ? fresh : old)) {
    assert.equal(Deno.readTextFileSync(`${folder}/${path}`), text, path);
  }
  const notes = [...new Set([folder, aside])].map((place) => `${place}/mine/notes.md`).filter(isPresent);
  assert.equal(notes.map((path) => Deno.readTextFileSync(path)).join(), "important");
  return isNew;
}
