import assert from "node:assert/strict";
import { grew, type Growth } from "./memory_growth.ts";

Deno.test("resident memory does not grow over 3,000 steps", async () => {
  const script = new URL("./memory_growth.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script, "dense", "3000"],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  const { training }: { training: Growth } = JSON.parse(new TextDecoder().decode(stdout));
  assert.ok(training.halfway > 10);
  assert.ok(!grew(training), `${training.halfway} MB halfway, ${training.end} MB at the end`);
});
