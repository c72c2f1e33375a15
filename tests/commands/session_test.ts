import assert from "node:assert/strict";
import { defaultJobs } from "../../pipeline/commands/session.ts";

Deno.test("as many stages run at once as there are cores, fewer where memory is short, and always one", () => {
  assert.equal(defaultJobs(2, 16e9), 2);
  assert.equal(defaultJobs(16, 6.2e9), 4);
  assert.equal(defaultJobs(8, 0.5e9), 1);
});
