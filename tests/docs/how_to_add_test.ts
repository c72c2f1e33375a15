import assert from "node:assert/strict";
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
  for (const name of PAGES) {
    const page = Deno.readTextFileSync(join(FOLDER, name));
    await t.step(name, (t) => followPage(page, project.path, t));
  }
  for (const check of [["fmt", "--check"], ["lint"], ["check"]]) {
    await t.step(`deno ${check.join(" ")}`, async () => {
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...check, "pipeline"],
        cwd: project.path,
        env: { NO_COLOR: "1" },
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
    });
  }
});
