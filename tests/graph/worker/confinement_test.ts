import assert from "node:assert/strict";
import type { Confinement } from "../../../pipeline/graph/worker/confine.ts";
import { isPresent } from "../../../pipeline/store/disk.ts";
import { temporaryFolder } from "../../store/temporary.ts";
import { ROOT, toyDeclarations } from "../toy_project.ts";
import { outputText, runToys } from "../toy_store.ts";

/** `deno task torture` asks for a hundred times as many. */
const CONFINEMENTS = Number(Deno.env.get("CONFINEMENTS") ?? 10);

/** The version of Landlock that the kernel has; 0 where it has none. */
function landlock(): number {
  if (Deno.build.os !== "linux") return 0;
  const libc = Deno.dlopen("libc.so.6", {
    syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
  });
  const version = Number(libc.symbols.syscall(444n, 0n, 0n, 1n));
  libc.close();
  return Math.max(0, version);
}

const ignore = landlock() < 6;
if (ignore) {
  console.log("What confines stages is not tested: it takes a Linux with Landlock 6 (6.12) or later.");
}

Deno.test({
  name:
    "a stage that calls native libraries is held by the kernel to its inputs and its folder: no other file, no connection, no signal",
  ignore,
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
      slice: () => ({ read, write, port, pid: Deno.pid }),
      inputs: () => [{ stage: "make", path: "numbers.txt" }],
      permissions: () => ({ ffi: true }),
    }];
    Deno.env.set("REPARAM_TEST_TOKEN", "secret");
    const run = await runToys(`${folder.path}/artifacts`, [{}], { declarations });
    Deno.env.delete("REPARAM_TEST_TOKEN");
    assert.deepEqual(JSON.parse(await outputText(`${folder.path}/artifacts`, run, "native", "answer.json")), {
      read: read.map(() => false),
      input: true,
      write: write.map(() => false),
      output: true,
      deep: true,
      connects: false,
      sockets: [false, false],
      signals: false,
      variable: false,
    });
  },
});

/** Confines a shell, with few open files allowed. @returns what it printed, and whether it ended well */
async function confinedShell(confinement: Confinement, script: string): Promise<[string, boolean]> {
  const confine = new URL("../../../pipeline/graph/worker/confine.ts", import.meta.url).pathname;
  const { stdout, stderr, success } = await new Deno.Command("sh", {
    args: [
      ...[
        "-c",
        'ulimit -n 64; exec "$@"',
        "sh",
        Deno.execPath(),
        "run",
        "--quiet",
        "--no-config",
        "--no-lock",
      ],
      ...["--allow-ffi", confine, JSON.stringify(confinement), "/bin/sh", "-c", script],
    ],
    stdin: "null",
  }).output();
  return [new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr), success];
}

const SHELL = ["/bin", "/usr", "/lib", "/lib64", "/etc/ld.so.cache"];

Deno.test({
  name: `of ${CONFINEMENTS} confinements with 300 rules and 64 open files each gives all that it allows`,
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const files = Array.from({ length: 300 }, (_, i) => `${folder.path}/in/${i}`);
    await Deno.mkdir(`${folder.path}/in`);
    await Deno.mkdir(`${folder.path}/blobs`);
    await Deno.writeTextFile(`${folder.path}/blobs/1`, "blob");
    await Deno.writeTextFile(`${folder.path}/secret`, "secret");
    for (const file of files) await Deno.writeTextFile(file, file);
    for (let i = 0; i < CONFINEMENTS; i++) {
      const own = `${folder.path}/${i}`;
      await Deno.mkdir(own);
      const [said, success] = await confinedShell(
        {
          read: [...SHELL, ...files, `${folder.path}/absent`],
          readByName: [`${folder.path}/blobs`],
          write: [own, "/dev/null"],
          net: false,
          environment: { MINE: "yes" },
        },
        `cat ${files.at(0)} ${
          files.at(-1)
        } > ${own}/a && mkdir ${own}/b && mv ${own}/a ${own}/b/c && echo $MINE &&
          cat ${folder.path}/blobs/1 && ! ls ${folder.path}/blobs 2> /dev/null &&
          ! cat ${folder.path}/secret 2> /dev/null && ! ( echo > ${folder.path}/in/0 ) 2> /dev/null`,
      );
      assert.equal(said, "yes\nblob");
      assert(success);
      assert.equal(await Deno.readTextFile(`${own}/b/c`), `${files.at(0)}${files.at(-1)}`);
      await Deno.remove(own, { recursive: true });
    }
  },
});

Deno.test({
  name: "a blob can be read also when another file of the same content has taken its place",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const [own, blob] = [`${folder.path}/own`, `${folder.path}/blobs/1`];
    for (const name of ["own", "blobs"]) await Deno.mkdir(`${folder.path}/${name}`);
    await Deno.writeTextFile(blob, "blob");
    const shell = confinedShell(
      { read: SHELL, readByName: [`${folder.path}/blobs`], write: [own], net: false, environment: {} },
      `echo > ${own}/ready; until [ -e ${own}/go ]; do sleep 0.01; done; cat ${blob}`,
    );
    while (!isPresent(`${own}/ready`)) await new Promise((resolve) => setTimeout(resolve, 10));
    await Deno.writeTextFile(`${folder.path}/new`, "blob");
    await Deno.rename(`${folder.path}/new`, blob);
    await Deno.writeTextFile(`${own}/go`, "");
    assert.deepEqual(await shell, ["blob", true]);
  },
});

Deno.test({
  name: "a program that cannot be started once it is confined is told, and nothing runs",
  ignore,
  async fn() {
    const [said, success] = await confinedShell(
      { read: ["/etc/ld.so.cache"], readByName: [], write: [], net: false, environment: {} },
      "echo never",
    );
    assert.equal(said, "Cannot confine the stage: /bin/sh cannot be started\n");
    assert(!success);
  },
});
