import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";

Deno.test("the pages on a project and on a model of one's own, followed in one copy of Reparam", async (t) => {
  await using folder = await projectCopy("reparam");
  const copy = join(folder.path, "reparam");
  const page = (name: string) => Deno.readTextFileSync(join(ROOT, "docs", name));
  await t.step(
    "a project, laid out as its page says, runs experiments and analyses beside Reparam",
    (t) => followPage(page("own-project.md"), folder.path, t),
  );
  await t.step("nothing is written to Reparam's folder", () => {
    const there = Array.from(Deno.readDirSync(copy), ({ name }) => name);
    assert.deepEqual(there.filter((name) => name === "artifacts" || name === "reports"), []);
    assert.ok(Deno.statSync(join(folder.path, "reports/linear-3/index.html")).isFile);
  });
  await t.step(
    "the module, the spec and the messages of the page on a model are as it shows them",
    (t) => followPage(page("own-model.md"), copy, t),
  );
});
