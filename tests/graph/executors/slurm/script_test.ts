import assert from "node:assert/strict";
import { submitOptions } from "../../../../pipeline/graph/executors/slurm/script.ts";
import { Store } from "../../../../pipeline/store/store.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import { TEST_CLUSTER } from "../../../support/slurm.ts";
import { jobOf } from "../job.ts";

Deno.test("Slurm is asked for a GPU where a stage computes on one, as the cluster's file names it", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const job = await jobOf(store, "make", { count: 2 });
  const asked = (gpus: number, gres?: string) =>
    submitOptions({ ...TEST_CLUSTER, request: { gres } }, { ...job, resources: { ...job.resources, gpus } })
      .filter((option) => option.startsWith("--gres"));
  assert.deepEqual(asked(0, "gpu:a100:1"), []);
  assert.deepEqual(asked(1), ["--gres=gpu:1"]);
  assert.deepEqual(asked(1, "gpu:a100:1"), ["--gres=gpu:a100:1"]);
});
