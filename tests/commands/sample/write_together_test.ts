import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeTogether } from "../../../pipeline/commands/sample/write_together.ts";
import { listFiles } from "../../../pipeline/store/disk.ts";
import { temporaryFolder } from "../../store/temporary.ts";

Deno.test("a failure while files are written leaves the folder as it was", async () => {
  await using folder = await temporaryFolder();
  const target = `${folder.path}/samples`;
  const bytes = new TextEncoder().encode("whole");
  await Deno.mkdir(`${folder.path}/.samples.partial/left by a kill`, { recursive: true });
  await writeTogether(target, [{ name: "1.mid", bytes }]);
  // No file can have this name, as none can be written on a full disk.
  const files = [{ name: "1.mid", bytes: new Uint8Array() }, { name: "nowhere/2.mid", bytes }];
  await assert.rejects(writeTogether(target, files));
  assert.deepEqual(listFiles(folder.path), ["samples/1.mid"]);
  assert.equal(await Deno.readTextFile(`${target}/1.mid`), "whole");
});

Deno.test("a kill at any moment leaves no file half-written, and the next call clears away what it left", async () => {
  await using folder = await temporaryFolder();
  const target = `${folder.path}/samples`;
  const script = fileURLToPath(new URL("./write_forever.ts", import.meta.url));
  for (let kill = 0; kill < 12; kill++) {
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", script, target],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = writer.stdout.getReader();
    await reader.read(); // it has written once
    await new Promise((resolve) => setTimeout(resolve, (kill * 7) % 40));
    writer.kill("SIGKILL");
    await reader.cancel();
    await writer.status;
    for (const name of listFiles(target)) {
      const bytes = await Deno.readFile(`${target}/${name}`);
      assert.equal(bytes.length, 40_000);
      assert(bytes.every((byte) => byte === bytes[0]), `${name} is of two rounds`);
    }
  }
  await writeTogether(target, [{ name: "last.mid", bytes: new Uint8Array(1) }]);
  assert.deepEqual(Array.from(Deno.readDirSync(folder.path), ({ name }) => name), ["samples"]);
});
