import assert from "node:assert/strict";
import { lastingLine } from "../../pipeline/commands/display.ts";

Deno.test("control characters of a notice do not reach the terminal", () => {
  const event = {
    type: "notice",
    experiment: "e",
    stage: "preprocess",
    message: "a\x1b[2J.mid is \x9bodd",
  } as const;
  assert.equal(lastingLine(event), "note: a\\x1b[2J.mid is \\x9bodd");
});
