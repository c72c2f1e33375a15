import assert from "node:assert/strict";
import { ARTIFACTS, bundleFiles, descriptionOf, pathInBundle } from "../../pipeline/artifacts/artifacts.ts";

Deno.test("outputs are copied in the order of the table, and what has no place in a report is not", () => {
  const outputs = [
    "render/figures/b.svg",
    "preprocess/train.npy",
    "evaluate/metrics.json",
    "render/figures/a.svg",
    "train/metrics.csv",
    "download/some-file",
  ];
  assert.deepEqual(bundleFiles(outputs).map(({ input, path }) => [input, path]), [
    ["evaluate/metrics.json", "metrics.json"],
    ["train/metrics.csv", "tables/metrics.csv"],
    ["render/figures/b.svg", "figures/b.svg"],
    ["render/figures/a.svg", "figures/a.svg"],
  ]);
});

Deno.test("a pattern stands for any name in its folder, after what the table knows by its whole name", () => {
  assert.equal(pathInBundle("evaluate/posterior.npy"), "arrays/posterior.npy");
  assert.equal(pathInBundle("evaluate/any-figure.npy"), "arrays/any-figure.npy");
  assert.equal(descriptionOf("evaluate/any-figure.npy").output, "evaluate/*.npy");
  assert.equal(descriptionOf("preprocess/train_labels.npy").output, "preprocess/*_labels.npy");
  assert.equal(pathInBundle("render/figures/a$&b.svg"), "figures/a$&b.svg");
  assert.equal(pathInBundle("evaluate/deeper/x.npy"), undefined);
  assert.throws(() => descriptionOf("evaluate/deeper/x.npy"), /artifacts\.ts has no entry for it/);
});

Deno.test("a kind of data describes its own outputs, even where the table has a pattern for them", () => {
  const own = {
    output: "preprocess/own.npy",
    what: "mine",
    holds: "uint8",
    path: "data/own.npy",
    group: "Data",
  };
  const files = bundleFiles(["preprocess/own.npy", "preprocess/dataset.json"], [own]);
  assert.deepEqual(files.map(({ path, what }) => [path, what]), [
    ["data/dataset.json", "shapes, split, class counts"],
    ["data/own.npy", "mine"],
  ]);
});

Deno.test("every entry says what it is and what it holds, and no two have one place in a report", () => {
  for (const { output, what, holds } of ARTIFACTS) assert.ok(what.length > 3 && holds.length > 2, output);
  const paths = ARTIFACTS.flatMap(({ path }) => path ?? []);
  assert.equal(new Set(paths).size, paths.length);
});
