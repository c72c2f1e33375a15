import assert from "node:assert/strict";
import { writeTogether } from "../../../pipeline/commands/sample/write_together.ts";
import { listFiles } from "../../../pipeline/store/disk.ts";
import { temporaryFolder } from "../../store/temporary.ts";

Deno.test("a failure while files are written leaves the folder as it was", async () => {
  await using folder = await temporaryFolder();
  const target = `${folder.path}/samples`;
  const bytes = new TextEncoder().encode("whole");
  await Deno.mkdir(`${folder.path}/.samples.partial/left by a kill`, { recursive: true });
  await writeTogether(target, [{ name: "1.mid", bytes }]);
  // No file can have this name, as none can be written on a full disk.
  const files = [{ name: "1.mid", bytes: new Uint8Array() }, { name: "nowhere/2.mid", bytes }];
  await assert.rejects(writeTogether(target, files));
  assert.deepEqual(listFiles(folder.path), ["samples/1.mid"]);
  assert.equal(await Deno.readTextFile(`${target}/1.mid`), "whole");
});
