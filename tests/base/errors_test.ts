import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";
import { printable } from "../../pipeline/base/printable.ts";

Deno.test("a user error is printed with its place first and each note on a line of its own", () => {
  const error = new UserError("training.epochs must be at least 1: it is 0", {
    place: { file: "experiments/a.json", line: 3, column: 15 },
    notes: ["Allowed: a whole number from 1 on."],
  });
  assert.equal(
    formatUserError(error),
    "experiments/a.json:3:15: training.epochs must be at least 1: it is 0\n  Allowed: a whole number from 1 on.",
  );
  assert.equal(formatUserError(new UserError("no place")), "no place");
});

Deno.test("control characters of a message or a note do not reach the terminal; line breaks do", () => {
  const error = new UserError("Cannot read a\x1b[2J.mid:\nit is \x9bodd", {
    notes: ["b\0: empty\nand short"],
  });
  assert.equal(
    formatUserError(error),
    "Cannot read a\\x1b[2J.mid:\nit is \\x9bodd\n  b\\x00: empty\n  and short",
  );
});

Deno.test("characters that turn the direction of writing or cannot be seen are printed as escapes", () => {
  assert.equal(printable("mid\u202edim.\u00ad\u2028exe é 曲"), "mid\\u{202e}dim.\\xad\\u{2028}exe é 曲");
});
