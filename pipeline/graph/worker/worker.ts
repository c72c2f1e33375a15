import { lockFile } from "../../store/lock.ts";
import type { StageModule } from "../stage.ts";
import { failureMessage, stageContext } from "./context.ts";
import { machine, MACHINE_PERMISSIONS } from "./machine.ts";
import { standStill } from "./stillness.ts";
import { type Assignment, encodeMessage, type Message } from "./protocol.ts";

/**
 * Runs one stage. The process has Deno permissions for just what the stage declares; it is told what to do on
 * stdin and tells how it goes on stdout.
 */

const encoder = new TextEncoder();

function tell(message: Message): void {
  const bytes = encoder.encode(encodeMessage(message));
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

/** URLs of the user's modules, once they are known. */
let own: readonly string[] = [];

async function main(): Promise<void> {
  const interruption = new AbortController();
  // A cluster ends all processes of a job by SIGTERM.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => interruption.abort());
  }

  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) return;
    text += value;
  }
  const assignment: Assignment = JSON.parse(text);
  ({ own } = assignment);
  // Between a user's code and what it calls wrongly lie the frames of libraries.
  Error.stackTraceLimit = 100;
  // Nobody is left to take the result: the runner was killed.
  lines.read().then(() => Deno.exit(1));

  // A worker of the same key whose runner was killed may be writing its last bytes.
  using _lock = await lockFile(assignment.lock, (holder) => {
    const who = holder ? `process ${holder.pid}, since ${holder.since}` : "process";
    tell({
      type: "notice",
      message: `waiting for the end of another worker of this stage (${who}), whose run is no more`,
    });
  });

  const here = await machine();
  // What the machine is like is in no key, so the stage cannot ask.
  for (const kind of MACHINE_PERMISSIONS) Deno.permissions.revokeSync({ name: "sys", kind });

  const started = new Date(performance.timeOrigin).toISOString();
  standStill(assignment.stage);

  const { run }: StageModule = await import(assignment.module);
  await run(stageContext(assignment, interruption.signal, tell, Number(here.memoryBytes)));
  tell({
    type: "done",
    started,
    seconds: Math.round(performance.now()) / 1000,
    machine: here,
  });
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  tell(failureMessage(error, own));
  Deno.exit(1);
}
