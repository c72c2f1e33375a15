import assert from "node:assert/strict";
import {
  Controller,
  ControllerSilent,
  Refused,
} from "../../../../pipeline/graph/executors/slurm/controller.ts";
import { temporaryFolder } from "../../../store/temporary.ts";

Deno.test("a command of Slurm's that a signal ends has said nothing, one that fails has refused", async () => {
  await using folder = await temporaryFolder();
  const controller = new Controller({ PATH: `${folder.path}:${Deno.env.get("PATH")}` });
  const squeue = (script: string) =>
    Deno.writeTextFileSync(`${folder.path}/squeue`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  squeue("kill -TERM $$");
  await assert.rejects(controller.queue(), (error) => {
    assert(error instanceof ControllerSilent);
    assert.equal(error.message, "squeue was ended by SIGTERM");
    return true;
  });
  squeue("echo 'squeue: error: Invalid user id' >&2; exit 1");
  await assert.rejects(controller.queue(), (error) => {
    assert(error instanceof Refused);
    assert.equal(error.message, "Invalid user id");
    return true;
  });
});
