import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { followPage } from "../support/followed_page.ts";
import { projectCopy } from "../support/project_copy.ts";
import { onSlurm, sharedSlurm } from "../support/slurm.ts";

Deno.test.afterAll(() => sharedSlurm[Symbol.asyncDispose]());

Deno.test({
  ...onSlurm(
    "docs/cluster.md: its commands, followed in a fresh copy on a cluster, print what the page shows",
  ),
  async fn(t) {
    await using project = await projectCopy();
    const { env } = await sharedSlurm.cluster();
    await followPage(Deno.readTextFileSync(join(ROOT, "docs/cluster.md")), project.path, t, env);
  },
});
