import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";

Deno.test("the tutorial's files, commands, outputs and Python are as the page shows them", async (t) => {
  await using project = await projectCopy();
  await followPage(Deno.readTextFileSync(join(ROOT, "docs/tutorial.md")), project.path, t);
});
