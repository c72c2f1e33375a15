import assert from "node:assert/strict";
import { temporaryFolder } from "../../store/temporary.ts";
import { ROOT, toyDeclarations } from "../toy_project.ts";
import { outputText, runToys } from "../toy_store.ts";

/** The version of Landlock that the kernel has; 0 where it has none. */
function landlock(): number {
  if (Deno.build.os !== "linux") return 0;
  const libc = Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  });
  const version = Number(libc.symbols.syscall(444n, 0n, 0n, 1n));
  libc.close();
  return version;
}

Deno.test({
  name:
    "a stage that calls native libraries is held by the kernel to its inputs, its folder and no connection",
  ignore: landlock() < 4,
  async fn() {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/secret.txt`, "secret");
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const read = [
      "/etc/passwd",
      `${folder.path}/secret.txt`,
      `${ROOT}/README.md`,
      `/proc/${Deno.pid}/environ`,
    ];
    const write = [`${folder.path}/secret.txt`, `${ROOT}/intruder.txt`, `${ROOT}/pipeline/main.ts`];
    const { port } = listener.addr as Deno.NetAddr;
    const declarations = [toyDeclarations()[0]!, {
      name: "native",
      module: new URL("../toy_stages/native.ts", import.meta.url),
      slice: () => ({ read, write, port }),
      inputs: () => [{ stage: "make", path: "numbers.txt" }],
      permissions: () => ({ ffi: true }),
    }];
    const run = await runToys(`${folder.path}/artifacts`, [{}], { declarations });
    assert.deepEqual(JSON.parse(await outputText(`${folder.path}/artifacts`, run, "native", "answer.json")), {
      read: read.map(() => false),
      input: true,
      write: write.map(() => false),
      output: true,
      connects: false,
    });
  },
});
