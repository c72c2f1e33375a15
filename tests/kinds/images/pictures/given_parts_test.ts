import assert from "node:assert/strict";
import { UserError } from "../../../../pipeline/base/errors.ts";
import { sortPictures } from "../../../../pipeline/kinds/images/pictures/given_parts.ts";

type Split = Parameters<typeof sortPictures>[1];
const CHANCE: Split = { method: "chance" };

function refuses(names: string[], split: Split, message: RegExp, text?: string): void {
  assert.throws(
    () => sortPictures(names, split, text === undefined ? undefined : { file: "parts.csv", text }),
    (error) => error instanceof UserError && message.test([error.message, ...error.notes].join("\n")),
  );
}

Deno.test("a class is the first folder of a name; pictures without folders are of one class", () => {
  const { classes, labels } = sortPictures(["b/1.png", "a/x/2.png", "b/3.png"], CHANCE);
  assert.deepEqual([classes, [...labels]], [["a", "b"], [1, 0, 1]]);
  assert.deepEqual(sortPictures(["1.png", "2.png"], CHANCE).classes, ["unlabelled"]);
  refuses(["a/1.png", "2.png"], CHANCE, /class of 2\.png: other pictures lie in the folders/);
  const many = Array.from({ length: 257 }, (_, i) => `${i}/1.png`);
  refuses(many, CHANCE, /tell 257 classes apart: at most 256/);
});

Deno.test("folders named as parts are parts where the spec says so, and no classes where it does not", () => {
  const names = ["train/a/1.png", "train/b/2.png", "val/a/3.png", "test/b/4.png"];
  refuses(names, CHANCE, /train and test for classes.*\n.*split\.method=folders/);
  const { classes, labels, given } = sortPictures(names, { method: "folders" });
  assert.deepEqual([classes, [...labels]], [["a", "b"], [0, 1, 0, 1]]);
  assert.deepEqual(
    { ...given },
    { train: Uint32Array.of(0, 1), validation: Uint32Array.of(2), test: Uint32Array.of(3) },
  );
  assert.deepEqual(sortPictures(["train/1.png", "test/2.png"], { method: "folders" }).classes, [
    "unlabelled",
  ]);
  refuses(["train/1.png"], { method: "folders" }, /no folder test with pictures/);
  refuses(["train/1.png", "test/1.png", "more/1.png"], { method: "folders" }, /part of more\/1\.png/);
});

Deno.test("a table of parts is followed, and what is wrong in it told with its row or the nearest name", () => {
  const names = ["a/1.png", "a/2.png", "b/3.png", "b/4.png"];
  const split: Split = { method: "file", file: "parts.csv" };
  const text = "part,file\r\ntest,b/3.png\r\ntrain,a/1.png\r\nVal,a/2.png\r\n";
  const { given, unused } = sortPictures(names, split, { file: "parts.csv", text });
  assert.deepEqual(
    { ...given },
    { train: Uint32Array.of(0), validation: Uint32Array.of(1), test: Uint32Array.of(2) },
  );
  assert.equal(unused, 1);
  refuses(names, split, /no column file/, "name,part\na/1.png,test\n");
  refuses(names, split, /row 1 has the part "exam"/, "file,part\na/1.png,exam\n");
  refuses(
    names,
    split,
    /1 picture that parts\.csv names: a\/11\.png.*\nDid you mean a\/1\.png/,
    "file,part\na/11.png,test\n",
  );
});
