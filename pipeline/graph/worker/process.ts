import { fileURLToPath } from "node:url";
import { UserError } from "../../base/errors.ts";
import type { Job, Message } from "./protocol.ts";
import { onDisk } from "../../store/disk.ts";
import type { StagePermissions } from "../stage.ts";
import type { Progress } from "../../base/progress.ts";
import type { Json } from "../../base/json.ts";

/** How long a worker may take to write a checkpoint and end after Ctrl-C. */
const GRACE_MS = 5000;
const LOG_CHARACTERS = 1 << 20;

export interface WorkerOptions {
  /** The folder of `deno.json`. */
  readonly root: string;
  /** Files of the stage's code. */
  readonly code: readonly string[];
  /** The folder that the worker may write to. */
  readonly workFolder: string;
  readonly permissions: StagePermissions;
  /** Where to keep what the worker printed if it ends in a defect. */
  readonly logPath: string;
  /** Ends the worker; its reason is thrown. */
  readonly signal: AbortSignal;
  onProgress(event: Progress): void;
  onNotice(message: string): void;
}

export interface WorkerResult {
  readonly recorded: Record<string, Json>;
  readonly notices: string[];
}

/** Runs a stage in a process of its own. @throws {UserError} where it fails or is interrupted */
export async function runWorker(job: Job, options: WorkerOptions): Promise<WorkerResult> {
  options.signal.throwIfAborted();
  const child = new Deno.Command(Deno.execPath(), {
    args: workerArguments(job, options),
    // A time zone or a language must not find its way into a result.
    env: { TZ: "UTC", LC_ALL: "C.UTF-8" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let graceTimer: ReturnType<typeof setTimeout> | undefined;
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended already
    }
  };
  const interrupt = () => {
    kill("SIGINT");
    graceTimer = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  };
  options.signal.addEventListener("abort", interrupt, { once: true });

  const recorded: Record<string, Json> = {};
  const notices: string[] = [];
  let last: Message | undefined;
  let log = "";
  const keep = (text: string) => log = (log + text).slice(-LOG_CHARACTERS);

  const stdin = child.stdin.getWriter();
  try {
    // A worker that ends before it has read its job has said why, or its exit status does.
    stdin.write(new TextEncoder().encode(`${JSON.stringify(job)}\n`)).catch(() => {});
    const listen = async () => {
      for await (const line of linesOf(child.stdout)) {
        const message = parseMessage(line);
        if (!message) keep(`${line}\n`);
        else if (message.type === "progress") options.onProgress(message.event);
        else if (message.type === "record") recorded[message.name] = message.value;
        else if (message.type === "notice") {
          notices.push(message.message);
          options.onNotice(message.message);
        } else last = message;
      }
    };
    const collect = async () => {
      for await (const line of linesOf(child.stderr)) keep(`${line}\n`);
    };
    const [status] = await Promise.all([child.status, listen(), collect()]);
    options.signal.throwIfAborted();
    if (last?.type === "done" && status.success) return { recorded, notices };
    throw await failure(job.stage, last, status, log, options.logPath);
  } finally {
    clearTimeout(graceTimer);
    options.signal.removeEventListener("abort", interrupt);
    stdin.close().catch(() => {});
  }
}

function workerArguments(job: Job, { root, code, workFolder, permissions }: WorkerOptions): string[] {
  const { net = [], run = [], read = [], env = [], ffi = false } = permissions;
  const packages = `${root}/node_modules`;
  const flag = (name: string, values: readonly string[]) =>
    values.length === 0
      ? []
      : [`--allow-${name}=${values.map((value) => value.replaceAll(",", ",,")).join(",")}`];
  const programs = run.includes("deno") ? [...run, Deno.execPath()] : run;
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    `--config=${root}/deno.json`,
    ...flag("read", [...code, packages, ...Object.values(job.inputs), workFolder, ...read]),
    ...flag("write", [workFolder]),
    ...flag("net", net),
    ...flag("run", programs),
    ...flag("env", env),
    // What is not declared looks unset: libraries ask for many variables and can do without.
    "--ignore-env",
    // Reading a native pointer needs the whole permission: one limited to a folder only loads libraries.
    ...(ffi ? ["--allow-ffi"] : []),
    fileURLToPath(new URL("./worker.ts", import.meta.url)),
  ];
}

async function failure(
  stage: string,
  last: Message | undefined,
  status: Deno.CommandStatus,
  log: string,
  logPath: string,
): Promise<UserError> {
  switch (last?.type) {
    case "user-error":
      return new UserError(last.message, { place: last.place, notes: last.notes });
    case "undeclared":
      return new UserError(
        `Stage ${stage} asked for ${last.access} access to ${last.target}, which it does not declare`,
        {
          notes: [
            "A stage may read its inputs, its own code and the npm packages, so that nothing else can change its result.",
            'Declare the access in pipeline/stages/declarations.ts, or name a file beside the code as new URL("../file", import.meta.url).',
          ],
        },
      );
    case "defect":
      await onDisk(
        "Cannot keep the log of a stage",
        () => Deno.writeTextFileSync(logPath, `${last.stack}\n\n${log}`),
      );
      return new UserError(`Stage ${stage} failed: ${last.message}`, {
        notes: [`This is a defect of the stage. Its log is ${logPath}`],
      });
    default: {
      const end = status.signal
        ? `was killed by ${status.signal}`
        : `ended with status ${status.code} without a word`;
      await onDisk("Cannot keep the log of a stage", () => Deno.writeTextFileSync(logPath, log));
      return new UserError(`Stage ${stage} failed: its worker ${end}`, {
        notes: [
          ...(status.signal === "SIGKILL" ? ["The system kills processes where memory runs out."] : []),
          ...log.split("\n").filter((line) => line.trim() !== "").slice(0, 2),
          `Its log is ${logPath}`,
        ],
      });
    }
  }
}

function parseMessage(line: string): Message | undefined {
  if (!line.startsWith('{"type":"')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // something that a library printed
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
