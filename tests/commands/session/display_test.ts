import assert from "node:assert/strict";
import { lastingLine } from "../../../pipeline/commands/session/display.ts";

Deno.test("control characters of a notice do not reach the terminal", () => {
  const event = {
    type: "notice",
    experiment: "e",
    stage: "preprocess",
    key: "k",
    message: "a\x1b[2J.mid is \x9bodd",
  } as const;
  assert.equal(lastingLine(event), "note: a\\x1b[2J.mid is \\x9bodd");
});
