import assert from "node:assert/strict";
import { waitInWords } from "../../../../pipeline/graph/executors/slurm/waiting.ts";

// Reasons as `man squeue` of Slurm 22.05 to 25.05 lists them.
Deno.test("why Slurm lets a job wait is said in words, with its own; what is not known in its own alone", () => {
  const words: Readonly<Record<string, RegExp>> = {
    Resources: /^until nodes have room for it \(Resources\)$/,
    Priority: /^behind jobs of higher priority/,
    BeginTime: /^until Slurm lets it begin anew/,
    JobArrayTaskLimit: /^until fewer tasks of its array run/,
    QOSMaxCpuPerUserLimit: /a limit of your account/,
    AssocGrpJobsLimit: /a limit of your account/,
    "ReqNodeNotAvail, UnavailableNodes:n1": /^for nodes that are down or reserved/,
    JobHeldUser: /^until you release it/,
    JobHeldAdmin: /^until an administrator releases it/,
    PartitionDown: /^until its partition is opened/,
  };
  for (const [reason, pattern] of Object.entries(words)) {
    assert.match(waitInWords(reason), pattern);
    assert(waitInWords(reason).endsWith(`(${reason})`));
  }
  assert.equal(waitInWords("SomethingNew"), "SomethingNew");
});
