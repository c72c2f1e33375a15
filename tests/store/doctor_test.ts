import assert from "node:assert/strict";
import { randomStream } from "../../pipeline/base/random.ts";
import { listFiles } from "../../pipeline/store/disk.ts";
import { examine, heal } from "../../pipeline/store/doctor.ts";
import { sha256 } from "../../pipeline/store/sealed.ts";
import { Store } from "../../pipeline/store/store.ts";
import { putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;
const KEYS = Array.from({ length: 4 }, (_, i) => sha256(`key ${i}`));

async function filledStore(folder: string): Promise<void> {
  using store = await Store.open(folder);
  for (const [i, key] of KEYS.entries()) {
    await putResult(store, key, {
      "shared.txt": "the same everywhere",
      [`${i}.txt`]: `only in ${i} `.repeat(i + 1),
    });
    await store.history.add({
      experiment: "e",
      stage: "s",
      key,
      outcome: "ran",
      time: "2026-01-01T00:00:00Z",
    });
  }
  store.putJson({ a: 1 });
  await store.saveMemo();
}

/** Puts back size and modification time, as a failing disk would. */
async function quietly(
  path: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
): Promise<void> {
  const { mtime } = await Deno.stat(path);
  const bytes = change(await Deno.readFile(path));
  await Deno.chmod(path, 0o644);
  await Deno.writeFile(path, bytes);
  await Deno.utime(path, mtime!, mtime!);
}

Deno.test("a whole store has no findings", async () => {
  await using folder = await temporaryFolder();
  await filledStore(folder.path);
  using store = await Store.openAlone(folder.path);
  assert.deepEqual(await examine(store, () => {}, NEVER), []);
});

Deno.test("100 random corruptions of blobs, records and history are all found, and none is served afterwards", async () => {
  await using template = await temporaryFolder();
  await filledStore(template.path);
  const files = listFiles(template.path).filter((name) => /^(cas|ac|history)\//.test(name));
  const random = randomStream(1, "corruptions");
  for (let round = 0; round < 100; round++) {
    await using folder = await temporaryFolder();
    for (const name of listFiles(template.path)) {
      await Deno.mkdir(`${folder.path}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.copyFile(`${template.path}/${name}`, `${folder.path}/${name}`);
    }
    const victim = files[random.integer(files.length)]!;
    const path = `${folder.path}/${victim}`;
    // A store without a record, a line of history or a manifest is poorer, and not wrong: those are not removed.
    const isOutput = victim.startsWith("cas/") && !(await Deno.readTextFile(path)).startsWith("{");
    const kind = victim.startsWith("history/")
      ? "flip"
      : ["flip", "truncate", "remove"][random.integer(isOutput ? 3 : 2)]!;
    if (kind === "remove") await Deno.remove(path);
    else {
      await quietly(path, (bytes) => {
        const at = random.integer(bytes.length);
        if (kind === "truncate") return bytes.slice(0, at);
        bytes[at]! ^= 1 << random.integer(8);
        return bytes;
      });
    }

    using store = await Store.openAlone(folder.path);
    const findings = await examine(store, () => {}, NEVER);
    const what = `round ${round}: ${kind} ${victim}`;
    assert(findings.length > 0, `${what} was not found`);
    if (kind !== "remove") assert(findings.some((finding) => finding.path === victim), what);
    await heal(findings);
    assert.deepEqual(await examine(store, () => {}, NEVER), [], what);
    for (const [i, key] of KEYS.entries()) {
      const { record } = await store.lookup(key);
      for (const [name, { digest }] of Object.entries(record?.outputs ?? {})) {
        const expected = name === "shared.txt" ? "the same everywhere" : `only in ${i} `.repeat(i + 1);
        assert.equal(await Deno.readTextFile(store.blobPath(digest)), expected, what);
      }
    }
  }
});

Deno.test("leftovers of dead processes and strangers among the blobs are found and removed", async () => {
  await using folder = await temporaryFolder();
  await filledStore(folder.path);
  await Deno.writeTextFile(`${folder.path}/tmp/half`, "half");
  await Deno.mkdir(`${folder.path}/work/${KEYS[0]}/output`, { recursive: true });
  await Deno.writeTextFile(`${folder.path}/cas/notes.txt`, "mine");
  await Deno.writeTextFile(`${folder.path}/digests.json`, "{");
  using store = await Store.openAlone(folder.path);
  const findings = await examine(store, () => {}, NEVER);
  assert.deepEqual(findings.map(({ path }) => path).sort(), [
    "cas/notes.txt",
    "digests.json",
    "tmp/half",
    `work/${KEYS[0]}`,
  ]);
  await heal(findings);
  assert.deepEqual(await examine(store, () => {}, NEVER), []);
});

Deno.test("folders, links and pipes among the files of a store hold nobody up, and are removed", async () => {
  await using folder = await temporaryFolder();
  await filledStore(folder.path);
  await Deno.writeFile(`${folder.path}/history/e.jsonl`, crypto.getRandomValues(new Uint8Array(1000)));
  const strangers = [
    `cas/${sha256("folder")}`,
    `cas/${sha256("pipe")}`,
    `cas/${sha256("link")}`,
    `ac/${sha256("folder")}.json`,
    `ac/${sha256("pipe")}.json`,
    "history/folder.jsonl",
    "history/pipe.jsonl",
    "work/file",
    "tmp/folder",
  ];
  for (const path of strangers) {
    const place = `${folder.path}/${path}`;
    if (path.includes(sha256("pipe")) || path.endsWith("pipe.jsonl")) {
      assert((await new Deno.Command("mkfifo", { args: [place] }).output()).success);
    } else if (path.includes(sha256("link"))) await Deno.symlink("nowhere", place);
    else if (path === "work/file") await Deno.writeTextFile(place, "");
    else await Deno.mkdir(place);
  }
  {
    using store = await Store.open(folder.path);
    for (const name of ["folder", "pipe", "link"]) assert(!await store.holds(sha256(name)));
    assert.equal((await store.lookup(sha256("folder"))).problem, undefined);
  }
  using store = await Store.openAlone(folder.path);
  const findings = await examine(store, () => {}, NEVER);
  const found = findings.map(({ path }) => path);
  for (const path of [...strangers.filter((path) => !/^(work|tmp)/.test(path)), "history/e.jsonl"]) {
    assert(found.includes(path), path);
  }
  await heal(findings);
  assert.deepEqual(await examine(store, () => {}, NEVER), []);
});
