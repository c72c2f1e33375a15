import assert from "node:assert/strict";
import { contentsOf } from "../../pipeline/datasets/contents.ts";
import { FileDigests } from "../../pipeline/store/digests.ts";
import { temporaryFolder } from "../store/temporary.ts";
import { freshDigests } from "../support/slice.ts";

Deno.test("a user's files are read once for all that a command asks, and anew for the next command", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(`${folder.path}/jazz`);
  await Deno.writeTextFile(`${folder.path}/jazz/a.mid`, "one");
  const dataset = { name: "midi", source: { type: "folder", path: folder.path } };
  const asked: string[] = [];
  class Counting extends FileDigests {
    override digest(path: string): Promise<string> {
      asked.push(path);
      return super.digest(path);
    }
  }
  const digests = new Counting(`${folder.path}/digests.json`);
  const before = await contentsOf(dataset, digests);
  await Deno.writeTextFile(`${folder.path}/jazz/a.mid`, "another");
  assert.deepEqual(await contentsOf({ ...dataset }, digests), before);
  assert.deepEqual(asked, [`${folder.path}/jazz/a.mid`]);
  assert.notDeepEqual(await contentsOf(dataset, freshDigests()), before);
});
