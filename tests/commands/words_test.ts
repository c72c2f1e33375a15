import assert from "node:assert/strict";
import { bytes, duration, plural, reasonInWords } from "../../pipeline/commands/words.ts";

Deno.test("durations and sizes read well at every scale", () => {
  assert.deepEqual([0.04, 9.96, 12.4, 59.6, 200, 7500].map(duration), [
    "0.0 s",
    "10.0 s",
    "12 s",
    "1 min 0 s",
    "3 min 20 s",
    "2 h 5 min",
  ]);
  assert.deepEqual([0, 999, 1000, 47_040_016, 999_960_000, 2e9].map(bytes), [
    "0 bytes",
    "999 bytes",
    "1.0 kB",
    "47.0 MB",
    "1.0 GB",
    "2.0 GB",
  ]);
  assert.deepEqual([plural(1, "stage"), plural(0, "stage")], ["1 stage", "0 stages"]);
});

Deno.test("reasons are told in words, and a long list of them is counted", () => {
  const change = (name: string) => ({ kind: "parameter", name, before: 1, after: 2 }) as const;
  assert.equal(reasonInWords({ kind: "never-ran" }), "it never ran");
  assert.equal(
    reasonInWords({ kind: "changed", differences: ["a", "b", "c", "d", "e"].map(change) }),
    "parameter a changed 1 -> 2; parameter b changed 1 -> 2; parameter c changed 1 -> 2; and 2 more",
  );
  assert.equal(
    reasonInWords({ kind: "upstream", stages: ["train"], differences: [change("figures.samples")] }),
    "parameter figures.samples changed 1 -> 2; what it reads from train may change",
  );
});
