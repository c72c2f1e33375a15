import assert from "node:assert/strict";
import { localSlots } from "../../../pipeline/graph/executors/local.ts";

Deno.test("as many jobs run at once as there are cores, fewer where memory is short, and always one", () => {
  assert.equal(localSlots(2, 16e9), 2);
  assert.equal(localSlots(16, 6.2e9), 4);
  assert.equal(localSlots(8, 0.5e9), 1);
});
