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
