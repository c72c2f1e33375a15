import assert from "node:assert/strict";
import { join } from "node:path";
import { formatUserError, UserError } from "../../../pipeline/base/errors.ts";
import { PackReader } from "../../../pipeline/artifacts/pack.ts";
import { deliver } from "../../../pipeline/datasets/sources/folder.ts";
import { listPictures } from "../../../pipeline/datasets/sources/user_pictures.ts";
import { writeFiles } from "../../kinds/images/pictures/painted.ts";
import { freshDigests } from "../../support/slice.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { withDelivery } from "./delivery.ts";

Deno.test("pictures are listed by name with their folders, other formats of pictures too; the rest is passed over", async () => {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, {
    "cats/b.JPG": "b",
    "cats/a.png": "a",
    "cats/deep/c.jpeg": "c",
    "Cats/d.png": "d",
    "dogs/e.webp": "e",
    "dogs/notes.txt": "notes",
    "empty/readme": "nothing",
    ".trash/x.png": "x",
    "cats/.DS_Store": "y",
    "cats/x\x1b[31m.png": "z",
    "日本/ねこ 🐱.png": "n",
  });
  Deno.symlinkSync("../cats/a.png", join(folder.path, "dogs/link.png"));
  Deno.symlinkSync("nowhere.png", join(folder.path, "dogs/broken.png"));
  Deno.symlinkSync("..", join(folder.path, "dogs/up"));
  const { files, leftOut, passedOver, pack } = await listPictures(folder.path, undefined, freshDigests());
  assert.deepEqual(files.map(({ name }) => name), [
    "Cats/d.png",
    "cats/a.png",
    "cats/b.JPG",
    "cats/deep/c.jpeg",
    "dogs/e.webp",
    "dogs/link.png",
    "日本/ねこ 🐱.png",
  ]);
  assert.equal(pack, "pictures.pack");
  assert.deepEqual(Object.fromEntries(leftOut!.map(({ name, reason }) => [name, reason])), {
    "cats/x\\x1b[31m.png":
      "its name holds control characters or a backslash, or is longer than 1024 characters",
    "dogs/broken.png": "it is a link to something that is not there",
    "dogs/up": "it is a link to a folder that it lies in: without end",
  });
  assert.deepEqual(passedOver, [
    { reason: "its name is none of a picture", count: 2, example: "dogs/notes.txt" },
    { reason: "it is a folder without pictures", count: 1, example: "empty" },
  ]);
});

Deno.test("a folder that is not there, is a file, or holds no picture is refused with the next step", async () => {
  await using folder = await temporaryFolder();
  await writeFiles(folder.path, { "notes.txt": "no picture", "table.csv": "file,part" });
  for (
    const [name, message] of [
      [
        "",
        /: it holds no picture\n {2}Pictures are PNG or JPEG files, in the folder itself or in one folder for each/,
      ],
      ["/none", /: there is no such folder\n/],
      ["/notes.txt", /: it is not a folder\n/],
    ] as const
  ) {
    await assert.rejects(listPictures(folder.path + name, undefined, freshDigests()), (error) => {
      assert(error instanceof UserError && error.exitStatus === 2);
      assert.match(formatUserError(error), message);
      return true;
    });
  }
});

Deno.test("pictures are delivered in one file, in their order, and one that changed meanwhile is named", async () => {
  await withDelivery(async (delivery) => {
    const folder = join(delivery.folder, "mine");
    await writeFiles(folder, {
      "a/1.png": "first",
      "a/2.png": "",
      "b/3.png": "third",
      "parts.csv": "file,part\n",
    });
    const contents = await listPictures(folder, "parts.csv", freshDigests());
    const output = (name: string) => join(delivery.folder, name);
    const origin = { authors: [], licence: { name: "", url: "" }, url: "", mirrors: [], ...contents };
    const own = { ...delivery, title: "Pictures", output, origin };
    await deliver({ type: "folder", path: folder }, own);
    using pack = new PackReader(output("pictures.pack"), contents.files);
    const read = (name: string) => new TextDecoder().decode(pack.read(name));
    assert.deepEqual(["b/3.png", "a/2.png", "a/1.png", "parts.csv"].map(read), [
      "third",
      "",
      "first",
      "file,part\n",
    ]);
    assert.throws(() => pack.read("c.png"), /not in the pack/);
    await Deno.writeTextFile(join(folder, "b/3.png"), "other");
    await assert.rejects(deliver({ type: "folder", path: folder }, own), (error) => {
      assert(error instanceof UserError);
      assert.match(error.message, /b\/3\.png is not the file of this dataset: it has changed/);
      return true;
    });
  });
});
