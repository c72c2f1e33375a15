import assert from "node:assert/strict";
import { differences, inWords } from "../../pipeline/graph/explain.ts";

const code = {
  entry: "a.ts",
  variants: { sorter: "b.ts" },
  modules: { "a.ts": "1".repeat(64), "b.ts": "2".repeat(64) },
  packages: { d3: "7.9.0" },
};

Deno.test("parameters, variants, files, packages and inputs that differ are named, before and after", () => {
  const found = differences(
    {
      slice: { kl: { weight: 1, free: 0 }, layers: [1, 2], old: true },
      code,
      inputs: { "make/x": "a".repeat(64) },
    },
    {
      slice: { kl: { weight: 4, free: 0 }, layers: [1, 3], name: "n" },
      code: {
        entry: "a.ts",
        variants: { sorter: "c.ts" },
        modules: { "b.ts": "3".repeat(64), "c.ts": "4".repeat(64) },
        packages: { d3: "7.9.2" },
      },
      inputs: { "make/x": "b".repeat(64) },
    },
  );
  assert.deepEqual(found.map(inWords), [
    "parameter kl.weight changed 1 -> 4",
    "parameter layers changed [1,2] -> [1,3]",
    'parameter name changed absent -> "n"',
    "parameter old changed true -> absent",
    "variant sorter changed b.ts -> c.ts",
    "file a.ts is gone",
    "file b.ts changed (222222222222 -> 333333333333)",
    "file c.ts is new",
    "package d3 changed 7.9.0 -> 7.9.2",
    "input make/x changed (aaaaaaaaaaaa -> bbbbbbbbbbbb)",
  ]);
});

Deno.test("the order of members is no difference, and what is not known is not compared", () => {
  assert.deepEqual(
    differences({ slice: { a: 1, b: [{ c: 2, d: 3 }] }, code }, { slice: { b: [{ d: 3, c: 2 }], a: 1 } }),
    [],
  );
});

Deno.test("of a list whose entries have names, the entries that differ are named", () => {
  const file = (name: string, sha256: string) => ({ name, bytes: 3, sha256 });
  const found = differences(
    { slice: { files: [file("a/1.mid", "11"), file("a/2.mid", "22"), file("b/3.mid", "33")] } },
    { slice: { files: [file("a/1.mid", "11"), file("a/2.mid", "23"), file("b/4.mid", "33")] } },
  );
  assert.deepEqual(found.map(inWords), [
    "files: a/2.mid changed",
    "files: b/3.mid was removed",
    "files: b/4.mid was added",
  ]);
  const [order] = differences(
    { slice: { files: [file("a", "1"), file("b", "2")] } },
    { slice: { files: [file("b", "2"), file("a", "1")] } },
  );
  assert.equal(order!.kind, "parameter");
});
