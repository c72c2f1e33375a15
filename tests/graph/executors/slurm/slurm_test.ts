import assert from "node:assert/strict";
import { Controller } from "../../../../pipeline/graph/executors/slurm/controller.ts";
import type { Store } from "../../../../pipeline/store/store.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import { onSlurm, sharedSlurm, slurmExecutor, TEST_CLUSTER } from "../../../support/slurm.ts";
import { TOY } from "../../toy_project.ts";
import { outputText, runToys } from "../../toy_store.ts";

Deno.test.afterAll(() => sharedSlurm[Symbol.asyncDispose]());

/** Digests of all outputs, by stage. */
function digests({ results }: Awaited<ReturnType<typeof runToys>>) {
  return Object.fromEntries([...results].map(([stage, { record }]) => [stage, record.outputs]));
}

Deno.test({
  ...onSlurm(
    "stages that ask for the same go as one array, each on a node, and end in the bytes of this machine",
  ),
  async fn() {
    await using here = await temporaryFolder();
    await using there = await temporaryFolder();
    const { env } = await sharedSlurm.cluster();
    const specs = [1, 2, 3, 4].map((count) => ({ ...TOY, name: `toy-${count}`, count }));
    const controller = new Controller(env);
    const cluster = { ...TEST_CLUSTER, array: { size: 3 } };
    const executor = (store: Store) => slurmExecutor(store, controller, { cluster });
    const remote = await runToys(there.path, specs, { executor });
    const local = await runToys(here.path, specs);
    assert.deepEqual(digests(remote), digests(local));
    assert.equal(await outputText(there.path, remote, "draw", "index.html"), "==Sum: 3\n"); // 3 times 1
    // Three stages of four jobs each, three at most in one array.
    assert.equal(controller.calls.sbatch, 6);
    for (const { record } of remote.results.values()) assert.match(String(record.machine.node), /^n[12]$/);
    assert.deepEqual([...Deno.readDirSync(`${there.path}/work`)], []);
    assert.deepEqual([...Deno.readDirSync(`${there.path}/logs`)], []);
  },
});
