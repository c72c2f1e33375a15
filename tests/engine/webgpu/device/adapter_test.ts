import assert from "node:assert/strict";
import { testEngine } from "../../engines.ts";

const FOLDER = new URL("../../../../pipeline/engine/webgpu/", import.meta.url).href;

const SCRIPT = `
  const { webgpu } = await import("${FOLDER}backend.ts");
  const { open } = await import("${FOLDER}open.ts");
  console.log(await webgpu.usable());
  console.log(await open().catch(({ message }) => message));
  Deno.exit();
`;

Deno.test("without a driver for Vulkan, Metal or Direct3D 12 there is no GPU, whatever OpenGL has", async () => {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", SCRIPT],
    cwd: import.meta.dirname!,
    env: { VK_DRIVER_FILES: "/no/such/driver.json", VK_ICD_FILENAMES: "/no/such/driver.json" },
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assert.deepEqual(lines.slice(-2), [
    "no GPU was found, and no software adapter",
    "Cannot use the webgpu engine: no GPU was found, and no software adapter",
  ], new TextDecoder().decode(stderr));
});

testEngine("webgpu", "where there is no display, drivers print nothing about it", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", SCRIPT],
    cwd: import.meta.dirname!,
    env: { XDG_RUNTIME_DIR: "" },
  }).output();
  assert.ok(success);
  assert.equal(new TextDecoder().decode(stderr), "");
});
