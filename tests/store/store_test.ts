import assert from "node:assert/strict";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { KEY, putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

Deno.test("a result comes back by its key, and every blob has its digest as its name", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const record = await putResult(store, KEY, { "a.txt": "abc", "deep/er/b.txt": "", "c.txt": "abc" });
  assert.deepEqual(Object.keys(record.outputs), ["a.txt", "c.txt", "deep/er/b.txt"]);
  assert.deepEqual(record.outputs["a.txt"], { digest: sha256("abc"), size: 3 });
  assert.equal(await Deno.readTextFile(store.blobPath(sha256("abc"))), "abc");
  assert.deepEqual((await store.lookup(KEY)).record, record);
  assert.deepEqual(await store.lookup(sha256("other")), { problem: undefined });
});

Deno.test("a blob that is gone, changed or cut is a miss that says so, never a hit", async () => {
  for (
    const damage of [
      (path: string) => Deno.remove(path),
      (path: string) => Deno.chmod(path, 0o644).then(() => Deno.writeTextFile(path, "abd")),
      (path: string) => Deno.chmod(path, 0o644).then(() => Deno.truncate(path, 1)),
    ]
  ) {
    await using folder = await temporaryFolder();
    using store = await Store.open(folder.path);
    await putResult(store, KEY, { "a.txt": "abc" });
    assert((await store.lookup(KEY)).record);
    await damage(store.blobPath(sha256("abc")));
    assert.deepEqual(await store.lookup(KEY), { problem: "a.txt is missing or damaged in the store" });
  }
});

Deno.test("a record under another key's name, or with a flipped bit, is a miss", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  await putResult(store, KEY, { "a.txt": "abc" });
  const other = sha256("other");
  await Deno.copyFile(store.recordPath(KEY), store.recordPath(other));
  assert.deepEqual(await store.lookup(other), {
    problem: "its record is not valid: it belongs to another key",
  });
  const bytes = await Deno.readFile(store.recordPath(KEY));
  bytes[bytes.length >> 1]! ^= 4;
  await Deno.writeFile(store.recordPath(KEY), bytes);
  assert.deepEqual(await store.lookup(KEY), { problem: "its record is damaged" });
});

Deno.test("JSON is found under the digest of its canonical text, and damage is seen and mended", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const digest = store.putJson({ b: 1, a: 2 });
  assert.equal(digest, sha256('{"a":2,"b":1}'));
  assert.deepEqual(store.getJson(digest), { a: 2, b: 1 });
  await Deno.chmod(store.blobPath(digest), 0o644);
  await Deno.writeTextFile(store.blobPath(digest), '{"a":2,"b":3}');
  assert.equal(store.getJson(digest), undefined);
  assert.equal(store.putJson({ a: 2, b: 1 }), digest);
  assert.deepEqual(store.getJson(digest), { a: 2, b: 1 });
});

Deno.test("opening removes half-written files and outputs of dead processes, and keeps checkpoints", async () => {
  await using folder = await temporaryFolder();
  {
    using store = await Store.open(folder.path);
    await Deno.writeTextFile(store.aside(), "half");
    const [interrupted, failed] = [store.openWorkplace(KEY), store.openWorkplace(sha256("failed"))];
    await Deno.writeTextFile(`${interrupted.output}/half.txt`, "half");
    await Deno.writeTextFile(`${interrupted.scratch}/checkpoint`, "state");
    await Deno.writeTextFile(`${failed.output}/half.txt`, "half");
    // A second process does not clear up while this one is at work.
    using _other = await Store.open(folder.path);
    assert.equal(await Deno.readTextFile(`${failed.output}/half.txt`), "half");
  }
  using store = await Store.open(folder.path);
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/tmp`)], []);
  assert.deepEqual([...Deno.readDirSync(`${folder.path}/work`)].map(({ name }) => name), [KEY]);
  assert.equal(await Deno.readTextFile(`${store.openWorkplace(KEY).scratch}/checkpoint`), "state");
  assert.deepEqual([...Deno.readDirSync(store.openWorkplace(KEY).output)], []);
});

Deno.test("history keeps what was executed and what is new, passes over cut lines, and goes on after them", async () => {
  await using folder = await temporaryFolder();
  const entry = {
    experiment: "e",
    stage: "s",
    key: "1",
    outcome: "ran",
    time: "2026-01-01T00:00:00Z",
  } as const;
  {
    using store = await Store.open(folder.path);
    await store.history.add(entry);
    await store.history.add({ ...entry, outcome: "cached" }); // no news
    await store.history.add({ ...entry, key: "2", outcome: "failed" });
  }
  await Deno.writeTextFile(`${folder.path}/history/e.jsonl`, '\n{"sha256":"12', { append: true });
  {
    using store = await Store.open(folder.path);
    await store.history.add({ ...entry, key: "3", outcome: "cached" });
  }
  using store = await Store.open(folder.path);
  assert.deepEqual(store.history.of("e", "s").map(({ key, outcome }) => [key, outcome]), [
    ["1", "ran"],
    ["2", "failed"],
    ["3", "cached"],
  ]);
  assert.equal(store.history.last("e", "s")?.key, "3");
  assert.deepEqual(store.history.experiments(), ["e"]);
});
