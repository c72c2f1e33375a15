import assert from "node:assert/strict";
import { UserError } from "../../pipeline/base/errors.ts";
import { explainDiskError, listFiles, onDisk, writeAtomically } from "../../pipeline/store/disk.ts";
import { temporaryFolder } from "./temporary.ts";

Deno.test({
  name: "a full disk is said in words, with the next step",
  ignore: Deno.build.os !== "linux", // /dev/full
  fn: async () => {
    const error = await onDisk("Cannot keep it", () => Deno.writeTextFileSync("/dev/full", "x")).catch((e) =>
      e
    );
    assert(error instanceof UserError);
    assert.equal(error.message, "Cannot keep it: the disk is full");
    assert.match(error.notes.join(), /deno task gc/);
  },
});

Deno.test("a folder that may not be written to is said in words, and other errors stay what they are", () => {
  for (const code of ["EACCES", "EPERM", "EROFS"]) {
    const explained = explainDiskError(Object.assign(new Error("x"), { code }), "Cannot keep it");
    assert(explained instanceof UserError);
    assert.match(explained.message, /^Cannot keep it: the folder is read-only/);
  }
  const other = new TypeError("other");
  assert.equal(explainDiskError(other, "Cannot keep it"), other);
});

Deno.test("a store that somebody removes under a run is said in words", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/gone/file`;
  const error = await onDisk("Cannot keep it", () => Deno.writeTextFileSync(path, "x")).catch((e) => e);
  assert(error instanceof UserError);
  assert.equal(error.message, "Cannot keep it: a file or folder that was there is gone");
  assert.match(error.notes.join(), /gone\/file/);
});

Deno.test("a write that fails leaves the old file and nothing beside it", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file`;
  writeAtomically(path, "old", `${folder.path}/aside`);
  await Deno.mkdir(`${folder.path}/taken/x`, { recursive: true });
  assert.throws(() => writeAtomically(`${folder.path}/taken`, "new", `${folder.path}/aside`));
  assert.deepEqual(listFiles(folder.path), ["file"]);
  assert.equal(await Deno.readTextFile(path), "old");
});

Deno.test("a link among outputs is refused: it could lead anywhere", async () => {
  await using folder = await temporaryFolder();
  await Deno.symlink("/etc/passwd", `${folder.path}/innocent.txt`);
  assert.throws(() => listFiles(folder.path), /innocent\.txt: it is neither a file nor a folder/);
});
