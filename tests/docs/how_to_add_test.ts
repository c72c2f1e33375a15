import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";

const FOLDER = join(ROOT, "docs/how-to-add");

/** The page that puts all of them to use comes last. */
const PAGES = Array.from(Deno.readDirSync(FOLDER), ({ name }) => name).sort()
  .filter((name) => name !== "README.md").concat("README.md");

Deno.test("each page on how to add a variant, followed literally, adds one, and an experiment uses them all", async (t) => {
  await using project = await projectCopy();
  const spec = join(project.path, "experiments/quick.json");
  const before = await keysOf(project.path, spec);
  for (const name of PAGES) {
    const page = Deno.readTextFileSync(join(FOLDER, name));
    await t.step(name, (t) => followPage(page, project.path, t));
  }
  await t.step("what was added is in no key of an experiment that does not use it", async () => {
    assert.deepEqual(await keysOf(project.path, spec), before);
  });
  for (const check of [["fmt", "--check"], ["lint"], ["check"]]) {
    await t.step(`deno ${check.join(" ")}`, async () => {
      await deno([...check, "pipeline"], project.path);
    });
  }
});

/** What the keys of a spec's stages hold beside their inputs. */
async function keysOf(project: string, spec: string): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL("../support/print_keys.ts", import.meta.url));
  return JSON.parse(await deno(["run", "-A", "--no-check", script, project, spec], project));
}

/** What a command prints that succeeds. */
async function deno(args: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    // The tests may run as a task themselves: its folder is not the one where this command is typed.
    env: { NO_COLOR: "1", INIT_CWD: cwd },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
