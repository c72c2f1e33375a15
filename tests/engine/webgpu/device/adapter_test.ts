import assert from "node:assert/strict";

const BACKEND = new URL("../../../../pipeline/engine/webgpu/backend.ts", import.meta.url).href;

Deno.test("without a driver for Vulkan, Metal or Direct3D 12 there is no GPU, whatever OpenGL has", async () => {
  const script =
    `const { webgpu } = await import("${BACKEND}"); console.log(await webgpu.usable()); Deno.exit();`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-check", script],
    cwd: import.meta.dirname!,
    env: { VK_DRIVER_FILES: "/no/such/driver.json", VK_ICD_FILENAMES: "/no/such/driver.json" },
  }).output();
  const [said, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  assert.deepEqual([said, error], ["no GPU was found, and no software adapter", ""]);
});
