import assert from "node:assert/strict";
import { RemoteCache } from "../../pipeline/store/remote.ts";
import { Store } from "../../pipeline/store/store.ts";
import { NGINX, startNginx } from "./nginx.ts";
import { KEY, MAKE, putResult } from "./result.ts";
import { temporaryFolder } from "./temporary.ts";

const NEVER = new AbortController().signal;
const CONTENTS = { "a.txt": "abc", "deep/b.bin": "0123456789".repeat(1_000_000), "empty": "" };

const name = "a real nginx keeps results and gives them back, and lets in only whom it knows";
Deno.test({ name, ignore: NGINX === undefined }, async () => {
  await using folder = await temporaryFolder();
  await using nginx = await startNginx({ folder: `${folder.path}/nginx`, user: "ann", password: "s3cret" });
  const open = (authorization?: string) =>
    new RemoteCache({ url: nginx.url, readOnly: false, patienceMs: 5000, authorization });
  const ann = `Basic ${btoa("ann:s3cret")}`;

  using first = await Store.open(`${folder.path}/first`);
  const record = await putResult(first, KEY, CONTENTS);
  const stranger = open();
  stranger.offer(record, first);
  assert.match(
    (await stranger.finish(NEVER))[0]!.problem,
    /answered 401: the credentials are missing or wrong/,
  );
  assert.deepEqual(nginx.files(), []);

  const sender = open(ann);
  await sender.resume(first);
  assert.deepEqual(await sender.finish(NEVER), []);
  const digests = Object.values(record.outputs).map(({ digest }) => `cas/${digest}`);
  assert.deepEqual(nginx.files(), [`ac/${KEY}`, ...digests].sort());

  using second = await Store.open(`${folder.path}/second`);
  const wrong = `Basic ${btoa("ann:guess")}`;
  assert.match((await open(wrong).fetch(KEY, MAKE, second, NEVER)).problem!, /answered 401/);
  assert.deepEqual(await open(ann).fetch(KEY, MAKE, second, NEVER), { record });
  assert.deepEqual(await second.lookup(KEY), { record });

  // nginx checks no digest: what it has wrong is found out by the reader, and healed by the next upload.
  await Deno.writeTextFile(`${nginx.root}/cas/${record.outputs["a.txt"]!.digest}`, "abd");
  using third = await Store.open(`${folder.path}/third`);
  const reader = open(ann);
  assert.equal((await reader.fetch(KEY, MAKE, third, NEVER)).problem, "it sent wrong bytes for a.txt");
  await putResult(third, KEY, CONTENTS);
  reader.offer(record, third);
  assert.deepEqual(await reader.finish(NEVER), []);
  using fourth = await Store.open(`${folder.path}/fourth`);
  assert.deepEqual(await open(ann).fetch(KEY, MAKE, fourth, NEVER), { record });
});
