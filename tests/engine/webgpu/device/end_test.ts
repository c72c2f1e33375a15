import assert from "node:assert/strict";
import { testEngine } from "../../engines.ts";

/** Ends without a word to the engine, as a stage's process does. */
const SCRIPT = `
  const { open } = await import(${
  JSON.stringify(new URL("../../../../pipeline/engine/webgpu/open.ts", import.meta.url))
});
  await navigator.gpu.requestAdapter();
  await open();
  if (Deno.args[0] === "exit") Deno.exit(0);
`;

testEngine("webgpu", "a process that used the GPU ends without a crash, by itself and by exit", async () => {
  for (let i = 0; i < 12; i++) {
    const { success, signal, code } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", SCRIPT, i % 2 === 0 ? "exit" : "end"],
      cwd: import.meta.dirname!,
    }).output();
    assert.ok(success, `run ${i} ended with ${signal ?? code}`);
  }
});
