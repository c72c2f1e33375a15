import assert from "node:assert/strict";
import { publish } from "../../../pipeline/commands/session/publish.ts";
import { listFiles } from "../../../pipeline/store/disk.ts";
import { sha256 } from "../../../pipeline/store/sealed.ts";
import { Store } from "../../../pipeline/store/store.ts";
import { KEY, putResult } from "../../store/result.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const NEVER = new AbortController().signal;

Deno.test("a report folder holds the outputs and nothing else, and is not touched when it does already", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const target = `${folder.path}/reports/name`;
  const first = await putResult(store, KEY, { "index.html": "one", "figures/a.svg": "<svg/>" });
  await publish(store, first, target, NEVER);
  assert.deepEqual(listFiles(target), ["figures/a.svg", "index.html"]);
  const { ino } = await Deno.stat(`${target}/index.html`);
  await publish(store, first, target, NEVER);
  assert.equal((await Deno.stat(`${target}/index.html`)).ino, ino);

  const second = await putResult(store, sha256("second"), { "index.html": "two" });
  await publish(store, second, target, NEVER);
  assert.deepEqual(listFiles(`${folder.path}/reports`), ["name/index.html"]);
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
  assert.deepEqual(listFiles(target), ["index.html", "mine/notes.md"]);
  assert.equal(await Deno.readTextFile(`${target}/mine/notes.md`), "important");
});

Deno.test("what a process left that was killed while it published is cleared away", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(`${folder.path}/artifacts`);
  const record = await putResult(store, KEY, { "index.html": "one" });
  const reports = `${folder.path}/reports`;
  await Deno.mkdir(`${reports}/.name/new`, { recursive: true });
  await Deno.writeTextFile(`${reports}/.name/new/half.html`, "half");
  await publish(store, record, `${reports}/name`, NEVER);
  assert.deepEqual(listFiles(reports), ["name/index.html"]);
});
