import assert from "node:assert/strict";
import { formatUserError } from "../../../../pipeline/base/errors.ts";
import type { Cluster } from "../../../../pipeline/graph/executors/slurm/cluster.ts";
import type { QueueRow } from "../../../../pipeline/graph/executors/slurm/controller.ts";
import { endingOf } from "../../../../pipeline/graph/executors/slurm/endings.ts";
import { Store } from "../../../../pipeline/store/store.ts";
import { temporaryFolder } from "../../../store/temporary.ts";
import { TEST_CLUSTER } from "../../../support/slurm.ts";
import { jobOf } from "../job.ts";

/** A cluster whose file has the stage's time in line 7. */
const CLUSTER: Cluster = {
  ...TEST_CLUSTER,
  request: { memory: "2G" },
  stages: { make: { time: "10" } },
  place: (path) => ({ file: "cluster.json", line: path.join(".") === "stages.make.time" ? 7 : 1, column: 1 }),
};

Deno.test("what ends a job is told by its name, in Slurm's words, with what to change and where", async () => {
  await using folder = await temporaryFolder();
  using store = await Store.open(folder.path);
  const job = await jobOf(store, "make", { count: 2 });
  const told = (state: string, reason = "None", exitStatus = 0, log = "", hasCheckpoint = false) => {
    const row: QueueRow = { id: "7_3", array: "7", index: 3, state, reason, node: "n1", comment: "" };
    const { error, again } = endingOf(CLUSTER, job, { row, exitStatus, log, hasCheckpoint });
    return [again, formatUserError(error)] as const;
  };
  assert.deepEqual(told("TIMEOUT", "TimeLimit"), [
    false,
    "cluster.json:7:1: Stage make failed: job 7_3 ran into its time limit of 10 on node n1\n" +
    "  Slurm says: TIMEOUT, TimeLimit\n" +
    "  It had no checkpoint to go on from. Next: more as stages.make.time in the cluster's file, up to the partition's limit.",
  ]);
  const [goesOn, words] = told("TIMEOUT", "TimeLimit", 0, "", true);
  assert.ok(goesOn, "it has a checkpoint");
  assert.match(words, /ran into its time limit of 10 on node n1[^]*It goes on from its checkpoint/);
  // As a Slurm without cgroups says of a job that it killed for its memory.
  assert.match(
    told("FAILED", "JobLaunchFailure", 0, "slurmstepd-n1: error: Exceeded job memory limit\n")[1],
    /took more memory than it asked for[^]*Slurm says: FAILED, JobLaunchFailure[^]*Exceeded job memory limit/,
  );
  assert.match(
    told("OUT_OF_MEMORY", "OutOfMemory")[1],
    /took more memory than it asked for[^]*It asked for 2G/,
  );
  assert.match(told("CANCELLED")[1], /was cancelled[^]*scancel/);
  for (
    const [state, words] of [["NODE_FAIL", /its node n1 failed/], [
      "PREEMPTED",
      /gave way to another job/,
    ]] as const
  ) {
    const [again, message] = told(state);
    assert.match(message, words);
    assert.ok(again, `${state} is not the stage's doing`);
  }
  assert.match(told("FAILED", "NonZeroExitCode", 74)[1], /found the file system of the store full/);
  assert.deepEqual(told("FAILED", "NonZeroExitCode", 1)[0], true);
  assert.deepEqual(told("FAILED", "NonZeroExitCode", 1, "error: something")[0], false);
  const [again, message] = told("FAILED", "NonZeroExitCode", 9, "one\ntwo\n\nlast words\n");
  assert.match(message, /ended with status 9 on node n1[^]*NonZeroExitCode[^]*It printed: last words/);
  assert.equal(again, false);
  assert.match(
    endingOf(CLUSTER, job, { row: undefined }).error.message,
    /vanished: Slurm knows nothing of it/,
  );
});
