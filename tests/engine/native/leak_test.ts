import assert from "node:assert/strict";

Deno.test("resident memory does not grow over 3,000 steps", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--v8-flags=--expose-gc",
      new URL("../../../bench/leak.ts", import.meta.url).pathname,
      "--steps",
      "3000",
      "--compilations",
      "0",
      "dense",
    ],
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stdout));
  assert.match(new TextDecoder().decode(stdout), /dense, 3000 steps: [\d.]+ MB -> [\d.]+ MB\n/);
});
