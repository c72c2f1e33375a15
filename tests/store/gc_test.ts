import assert from "node:assert/strict";
import { examine } from "../../pipeline/store/doctor.ts";
import { findGarbage, removeGarbage } from "../../pipeline/store/gc.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

const [OLD, MIDDLE, NEW] = ["old", "middle", "new"].map(sha256) as [string, string, string];

/** Three results of 1000 bytes each, and 500 bytes that the old and the new one share. */
async function filledStore(folder: string): Promise<Store> {
  const store = await Store.open(folder);
  for (const [i, key] of [OLD, MIDDLE, NEW].entries()) {
    const shared: Record<string, string> = key === MIDDLE ? {} : { "shared.txt": "s".repeat(500) };
    await putResult(store, key, { "own.txt": String(i).repeat(1000), ...shared });
    const used = new Date(2026, 0, 1 + i);
    await Deno.utime(store.recordPath(key), used, used);
  }
  return store;
}

Deno.test("within a budget, what was used last stays; a file that something kept shares is not freed", async () => {
  await using folder = await temporaryFolder();
  using store = await filledStore(folder.path);
  const garbage = findGarbage(store, { keys: new Set(), budget: 2600 });
  assert.deepEqual(garbage.records.map(({ key }) => key), [OLD]);
  assert.equal(garbage.bytesFreed, 1000);
  assert.equal(garbage.bytesKept, 2500);
  assert((await store.lookup(OLD)).record, "planning freed something");
  await removeGarbage(store, garbage);
  assert.equal((await store.lookup(OLD)).record, undefined);
  assert((await store.lookup(MIDDLE)).record);
  assert((await store.lookup(NEW)).record);
  assert.deepEqual(await examine(store, () => {}, new AbortController().signal), []);
});

Deno.test("what is wanted by name stays whatever the budget, checkpoints included", async () => {
  await using folder = await temporaryFolder();
  using store = await filledStore(folder.path);
  for (const key of [OLD, NEW]) {
    await Deno.writeTextFile(`${store.openWorkplace(key).scratch}/checkpoint`, "12345");
  }
  const garbage = findGarbage(store, { keys: new Set([OLD]), budget: 0 });
  assert.deepEqual(garbage.records.map(({ key }) => key).sort(), [MIDDLE, NEW].sort());
  assert.deepEqual(garbage.workplaces, [NEW]);
  assert.equal(garbage.bytesKept, 1500);
  assert.equal(garbage.bytesFreed, 2005);
});

Deno.test("manifests that the history names stay, so that `why` can still explain", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const code = store.putJson({ modules: {}, packages: {} });
  const key = store.putJson({ stage: "s", slice: {}, inputs: {}, code });
  const forgotten = store.putJson({ stage: "s", slice: { other: true }, inputs: {}, code });
  await store.history.add({ experiment: "e", stage: "s", key, outcome: "ran", time: "2026-01-01T00:00:00Z" });
  assert.deepEqual(findGarbage(store, { keys: new Set(), budget: 0 }).blobs, [forgotten]);
});

Deno.test("what was handed to another machine keeps its workplace and its inputs for two months", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const code = store.putJson({ modules: {}, packages: {} });
  const input = sha256("input");
  store.putText("input", input);
  const key = store.putJson({ stage: "s", slice: {}, inputs: { "before/a.txt": input }, code });
  store.openWorkplace(key);
  const { handover } = store.workplace(key);
  await Deno.writeTextFile(handover, "to another machine");
  const policy = { keys: new Set<string>(), budget: 0 };
  const now = findGarbage(store, policy);
  assert.ok(!now.blobs.includes(input));
  assert.deepEqual(now.workplaces, []);
  const longAgo = new Date(Date.now() - 61 * 86_400_000);
  await Deno.utime(handover, longAgo, longAgo);
  const later = findGarbage(store, policy);
  assert.ok(later.blobs.includes(input));
  assert.deepEqual(later.workplaces, [key]);
});
