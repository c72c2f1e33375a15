import assert from "node:assert/strict";
import { ROOT } from "../graph/toy_project.ts";
import { temporaryFolder } from "../store/temporary.ts";

Deno.test("a module that never ends can be interrupted, and nothing goes on behind it", async () => {
  await using folder = await temporaryFolder();
  const spec = {
    name: "endless",
    dataset: { name: "mnist" },
    model: { module: "./endless.ts", latentSize: 2 },
  };
  await Deno.writeTextFile(`${folder.path}/endless.json`, JSON.stringify(spec));
  // As deaf as `for (;;) {}`, and leaves the processor to other tests.
  const endless = "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\nexport {};\n";
  await Deno.writeTextFile(`${folder.path}/endless.ts`, endless);
  const artifacts = `${folder.path}/artifacts`;
  const run = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--config=${ROOT}/deno.json`, `${ROOT}/pipeline/main.ts`],
      ...[
        "run",
        `${folder.path}/endless.json`,
        `--artifacts=${artifacts}`,
        `--reports=${folder.path}/reports`,
      ],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  while (workersOver(artifacts).length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  run.kill("SIGINT");
  const { code, stderr } = await run.output();
  assert.match(
    new TextDecoder().decode(stderr),
    /^note: looking at .*endless\.ts\nerror: Interrupted\n/,
  );
  assert.equal(code, 130);
  assert.deepEqual(workersOver(artifacts), []);
});

/** Processes of stages that work in a store. */
function workersOver(store: string): string[] {
  const { stdout } = new Deno.Command("ps", { args: ["-eo", "pid=,args="] }).outputSync();
  return new TextDecoder().decode(stdout).split("\n").filter((line) =>
    line.includes("worker.ts") && line.includes(`${store}/`)
  );
}
