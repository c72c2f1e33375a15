import { UserError } from "../../base/errors.ts";
import type { StageContext, StageFunction } from "../stage.ts";
import { explainDiskError } from "../../store/disk.ts";
import type { Job, Message } from "./protocol.ts";

/**
 * Runs one stage. The process has Deno permissions for just what the stage declares; it is told what to do on
 * stdin and tells how it goes on stdout.
 */

const PROGRESS_INTERVAL_MS = 100;

const encoder = new TextEncoder();

function tell(message: Message): void {
  // The first line break ends what a library may have printed without one.
  const bytes = encoder.encode(`\n${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
}

async function main(): Promise<void> {
  const interruption = new AbortController();
  Deno.addSignalListener("SIGINT", () => interruption.abort());

  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) return;
    text += value;
  }
  const job: Job = JSON.parse(text);
  // Nobody is left to take the result: the runner was killed.
  lines.read().then(() => Deno.exit(1));

  // A worker of the same key whose runner was killed may be writing its last bytes.
  using file = await Deno.open(job.lock, { create: true, write: true });
  await file.lock(true);

  const { run }: { run: StageFunction } = await import(job.module);
  await run(context(job, interruption.signal));
  tell({ type: "done" });
}

function context(job: Job, signal: AbortSignal): StageContext {
  let nextProgress = 0;
  return {
    slice: job.slice,
    unkeyed: job.unkeyed,
    inputs: Object.keys(job.inputs).sort(),
    scratch: job.scratch,
    signal,
    async load(role: string) {
      const module = Object.hasOwn(job.modules, role) ? job.modules[role] : undefined;
      if (module === undefined) {
        const known = Object.keys(job.modules).join(", ") || "none";
        throw new Error(`Cannot load the ${role} of ${job.stage}: its modules are ${known}`);
      }
      return await import(module);
    },
    input(name) {
      const path = Object.hasOwn(job.inputs, name) ? job.inputs[name] : undefined;
      if (path === undefined) {
        const known = Object.keys(job.inputs).join(", ") || "none";
        throw new Error(`Cannot find the input ${name} of ${job.stage}: its inputs are ${known}`);
      }
      return path;
    },
    output(path) {
      if (
        path.split("/").some((part) => part === "" || part === "." || part === "..") || path.includes("\0")
      ) {
        throw new Error(
          `Cannot write the output ${JSON.stringify(path)} of ${job.stage}: it must be a relative path`,
        );
      }
      const target = `${job.output}/${path}`;
      Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      return target;
    },
    progress(event) {
      const now = performance.now();
      if (now < nextProgress && event.fraction < 1) return;
      nextProgress = now + PROGRESS_INTERVAL_MS;
      tell({ type: "progress", event });
    },
    record: (name, value) => tell({ type: "record", name, value }),
    notice: (message) => tell({ type: "notice", message }),
  };
}

function describe(thrown: unknown): Message {
  const error = explainDiskError(thrown, "Cannot write the outputs of the stage");
  if (thrown instanceof Error) {
    const [, access, target] =
      /^Requires (\w+) access to (.+?)(?:, (?:run again|specify).*)?$/s.exec(thrown.message) ?? [];
    if (access && target) return { type: "undeclared", access, target };
  }
  if (error instanceof UserError) {
    return { type: "user-error", message: error.message, place: error.place, notes: error.notes };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { type: "defect", message, stack: stack ?? message };
}

try {
  await main();
  Deno.exit(0);
} catch (error) {
  tell(describe(error));
  Deno.exit(1);
}
