import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { listFiles, readTextIfPresent } from "../../pipeline/store/disk.ts";
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
  const changed = changedFiles(project.path);
  for (const [check, ...options] of [["fmt", "--check"], ["lint"]] as const) {
    await t.step(`deno ${check}`, async () => {
      await deno([check, ...options, ...changed], project.path);
    });
  }
  await t.step("deno check", async () => {
    passOver(modulesWithout(changed, project.path), project.path);
    await deno(["check", "pipeline"], project.path);
  });
});

/** Modules that are not as they are in the project, whose own ones are held to format and lint as they stand. */
function changedFiles(project: string): string[] {
  const changed = listFiles(join(project, "pipeline")).filter((name) => {
    const own = readTextIfPresent(join(ROOT, "pipeline", name));
    return own !== Deno.readTextFileSync(join(project, "pipeline", name));
  });
  assert.ok(changed.length > PAGES.length, changed.join());
  return changed.map((name) => join("pipeline", name));
}

/** Modules that no change can reach: from them none of the changed ones is. What they are is checked in the project. */
function modulesWithout(changed: readonly string[], project: string): string[] {
  const importedBy = new Map<string, string[]>();
  const modules = listFiles(join(project, "pipeline")).map((name) => join("pipeline", name))
    .filter((path) => path.endsWith(".ts"));
  for (const path of modules) {
    const text = Deno.readTextFileSync(join(project, path));
    for (const [, specifier] of text.matchAll(/(?:\bfrom |\bimport\(|\bimport )"(\.[^"]+)"/g)) {
      const target = join(dirname(path), specifier!);
      importedBy.set(target, [...importedBy.get(target) ?? [], path]);
    }
  }
  const reached = new Set(changed);
  for (const path of reached) for (const by of importedBy.get(path) ?? []) reached.add(by);
  return modules.filter((path) => !reached.has(path));
}

/** Marks modules as checked. */
function passOver(modules: readonly string[], project: string): void {
  for (const path of modules) {
    const text = Deno.readTextFileSync(join(project, path));
    Deno.writeTextFileSync(join(project, path), `// @ts-nocheck\n${text}`);
  }
}

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
