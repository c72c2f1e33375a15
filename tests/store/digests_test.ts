import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { FileDigests } from "../../pipeline/store/digests.ts";
import { temporaryFolder } from "./temporary.ts";

const sleepPastResolution = () => new Promise((resolve) => setTimeout(resolve, 2100));

Deno.test("a file that did not change is not read again, also by the next process; one that changed is", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/file`;
  const content = new Uint8Array(3_000_000).fill(7);
  await Deno.writeFile(file, content);
  const expected = createHash("sha256").update(content).digest("hex");
  await sleepPastResolution();

  const first = new FileDigests(`${folder.path}/memo`);
  assert.equal(await first.digest(file), expected);
  assert.equal(await first.digest(file), expected);
  assert.equal(first.bytesRead, content.length);
  first.save(`${folder.path}/aside`);

  const second = new FileDigests(`${folder.path}/memo`);
  assert.equal(await second.digest(file), expected);
  assert.equal(second.bytesRead, 0);
  assert.equal(await second.readAgain(file), expected);
  assert.equal(second.bytesRead, content.length);

  // The same size and the same modification time: only the status-change time tells.
  const { mtime } = await Deno.stat(file);
  content[0] = 8;
  await Deno.writeFile(file, content);
  await Deno.utime(file, mtime!, mtime!);
  assert.equal(await second.digest(file), createHash("sha256").update(content).digest("hex"));
});

Deno.test("a change in the very moment of the reading is not missed", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/file`;
  const digests = new FileDigests(`${folder.path}/memo`);
  for (let i = 0; i < 20; i++) {
    const text = String(i % 10);
    await Deno.writeTextFile(file, text);
    const past = new Date(2020, 1, 1);
    await Deno.utime(file, past, past); // size, inode and modification time never differ
    assert.equal(await digests.digest(file), createHash("sha256").update(text).digest("hex"));
  }
});

Deno.test("a damaged memo counts as empty", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/memo`, '{"sha256":"00","value":{}}\n');
  await Deno.writeTextFile(`${folder.path}/file`, "abc");
  const digests = new FileDigests(`${folder.path}/memo`);
  assert.match(await digests.digest(`${folder.path}/file`), /^ba7816bf/);
});

Deno.test("an empty file has the digest of nothing, and an absent one is not found", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/empty`, "");
  const digests = new FileDigests(`${folder.path}/memo`);
  assert.match(await digests.digest(`${folder.path}/empty`), /^e3b0c44298fc1c14/);
  await assert.rejects(digests.digest(`${folder.path}/absent`), Deno.errors.NotFound);
});

Deno.test("what a gzipped file holds is read once, and known apart from the file itself", async () => {
  await using folder = await temporaryFolder();
  const file = `${folder.path}/file.gz`;
  const content = new Uint8Array(1_000_000).fill(7);
  await Deno.writeFile(file, gzipSync(content));
  await sleepPastResolution();
  const digests = new FileDigests(`${folder.path}/memo`);
  const expected = createHash("sha256").update(content).digest("hex");
  assert.equal(await digests.unpackedDigest(file, 1e6), expected);
  assert.notEqual(await digests.digest(file), expected);
  digests.save(`${folder.path}/aside`);
  const later = new FileDigests(`${folder.path}/memo`);
  assert.equal(await later.unpackedDigest(file, 1e6), expected);
  assert.equal(later.bytesRead, 0);

  await Deno.writeFile(file, gzipSync(content).subarray(0, 500));
  await assert.rejects(later.unpackedDigest(file, 1e6), TypeError);

  await Deno.writeFile(file, gzipSync(new Uint8Array(3e8), { level: 1 }));
  const before = later.bytesRead;
  await assert.rejects(later.unpackedDigest(file, 1e6), /it holds more than 1000000 bytes/);
  assert.ok(later.bytesRead - before < 1e8, "all of it was unpacked");
});
