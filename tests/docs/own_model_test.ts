import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";

Deno.test("the module, the spec and the messages of the page on a model of one's own are as it shows them", async (t) => {
  await using project = await projectCopy();
  await followPage(Deno.readTextFileSync(join(ROOT, "docs/own-model.md")), project.path, t);
});
