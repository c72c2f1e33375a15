import assert from "node:assert/strict";
import { ROOT } from "./graph/toy_project.ts";
import { temporaryFolder } from "./store/temporary.ts";
import { reparam } from "./commands/reparam.ts";

/** As `deno task` calls it: from the project's folder, with the user's in `INIT_CWD`. */
function fromTask(folder: string, ...args: string[]) {
  return reparam(args, { cwd: ROOT, env: { INIT_CWD: folder } });
}

Deno.test("paths of a command line are meant from where its user stands", async () => {
  await using folder = await temporaryFolder();
  const store = ["--artifacts", `${folder.path}/artifacts`];
  const there = await fromTask(`${ROOT}/experiments`, "run", "quick.json", "--dry-run", ...store);
  assert.equal(there.code, 0, there.stderr);
  assert.match(there.stdout, /^quick:\n/);

  const own = await fromTask(
    folder.path,
    "run",
    `${ROOT}/experiments/quick.json`,
    "--dry-run",
    "--artifacts",
    "mine",
  );
  assert.equal(own.code, 0, own.stderr);
  assert(Deno.statSync(`${folder.path}/mine/cas`).isDirectory);
});

Deno.test("a spec that is not there is looked for among the project's, and named from where the user stands", async () => {
  const { code, stderr } = await fromTask(`${ROOT}/docs`, "run", "experiments/quik.json", "--dry-run");
  assert.equal(code, 2);
  assert.match(stderr, /Did you mean \.\.\/experiments\/quick\.json\?/);
});
