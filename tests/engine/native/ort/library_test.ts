import assert from "node:assert/strict";
import { temporaryFolder } from "../../../store/temporary.ts";

Deno.test("where ONNX Runtime's package is not installed, the engine says so and what to do", async () => {
  await using folder = await temporaryFolder();
  const config = `${folder.path}/deno.json`;
  await Deno.writeTextFile(
    config,
    JSON.stringify({ nodeModulesDir: "none", imports: { "onnxruntime-node": "npm:onnxruntime-node" } }),
  );
  const backend = new URL("../../../../pipeline/engine/native/backend.ts", import.meta.url).href;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["eval", "--no-check", "--no-lock", "--cached-only", "--config", config],
      `const { native } = await import("${backend}"); console.log(await native.usable());`,
    ],
    env: { DENO_DIR: `${folder.path}/cache` },
  }).output();
  const read = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.match(
    read(stdout),
    /onnxruntime-node, is not in node_modules: `deno install` fetches it\n$/,
    read(stderr),
  );
});
