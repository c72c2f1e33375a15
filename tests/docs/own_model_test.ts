import assert from "node:assert/strict";
import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";

Deno.test("the module, the spec and the messages of the page on a model of one's own are as it shows them", async (t) => {
  await using project = await projectCopy();
  await followPage(Deno.readTextFileSync(join(ROOT, "docs/own-model.md")), project.path, t);
});

Deno.test("a project of one's own, laid out as its page says, runs experiments and analyses beside Reparam", async (t) => {
  await using folder = await projectCopy("reparam");
  await followPage(Deno.readTextFileSync(join(ROOT, "docs/own-project.md")), folder.path, t);
  await t.step("nothing is written to Reparam's folder", () => {
    const there = Array.from(Deno.readDirSync(join(folder.path, "reparam")), ({ name }) => name);
    assert.deepEqual(there.filter((name) => name === "artifacts" || name === "reports"), []);
    assert.ok(Deno.statSync(join(folder.path, "reports/linear-3/index.html")).isFile);
  });
});
