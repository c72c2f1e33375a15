import assert from "node:assert/strict";
import { formatUserError, UserError } from "../../pipeline/base/errors.ts";

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
