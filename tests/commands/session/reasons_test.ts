import assert from "node:assert/strict";
import { reasonInWords } from "../../../pipeline/commands/session/reasons.ts";

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

Deno.test("what a spec or a file's name holds turns no terminal around", () => {
  const title = { kind: "parameter", name: "title", before: "a", after: "\u202eb" } as const;
  const file = { kind: "entry", name: "files: \x1b[31m.png", before: undefined, after: "" } as const;
  assert.equal(
    reasonInWords({ kind: "changed", differences: [title, file] }),
    'parameter title changed "a" -> "\\u{202e}b"; files: \\x1b[31m.png was added',
  );
});
