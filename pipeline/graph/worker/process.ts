import type { ExecutionFacts } from "../../store/record.ts";
import { WORKER_ENVIRONMENT, workerArguments, type WorkerSandbox, writeImportMap } from "./command.ts";
import { confined } from "./confinement.ts";
import type { Assignment } from "./protocol.ts";
import { Transcript, type TranscriptOptions } from "./transcript.ts";

/** Milliseconds that a worker may take to write a checkpoint and end after Ctrl-C. */
const GRACE_MS = 5000;

/**
 * Runs a stage in a process of its own on this machine.
 * @param signal ends the process
 * @throws {UserError} where the stage fails
 * @throws the reason of `signal`
 */
export async function runWorker(
  assignment: Assignment,
  sandbox: WorkerSandbox,
  options: Omit<TranscriptOptions, "stage">,
  signal: AbortSignal,
): Promise<ExecutionFacts> {
  signal.throwIfAborted();
  writeImportMap(sandbox);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...confined(workerArguments(assignment, sandbox), sandbox)],
    cwd: sandbox.root,
    clearEnv: true,
    env: { ...environmentOf(sandbox), ...WORKER_ENVIRONMENT },
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
  // One that never comes to look at its stdin would outlive this process.
  const killAtEnd = () => kill("SIGKILL");
  globalThis.addEventListener("unload", killAtEnd);
  const interrupt = () => {
    kill("SIGINT");
    graceTimer = setTimeout(() => kill("SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", interrupt, { once: true });

  const transcript = new Transcript({ ...options, stage: assignment.stage });
  const stdin = child.stdin.getWriter();
  try {
    // A worker that ends before it has read its assignment has said why, or its exit status does.
    stdin.write(new TextEncoder().encode(`${JSON.stringify(assignment)}\n`)).catch(() => {});
    const [status] = await Promise.all([
      child.status,
      eachLine(child.stdout, (line) => transcript.addLine(line)),
      eachLine(child.stderr, (line) => transcript.addLog(line)),
    ]);
    signal.throwIfAborted();
    return await transcript.end(status);
  } finally {
    clearTimeout(graceTimer);
    signal.removeEventListener("abort", interrupt);
    globalThis.removeEventListener("unload", killAtEnd);
    stdin.close().catch(() => {});
  }
}

/** What Deno needs to find its own folders. */
const NEEDED = ["HOME", "PATH", "TMPDIR", "DENO_DIR", "XDG_CACHE_HOME"];
/** Where else the system looks for libraries: for a GPU's driver on clusters and in containers. */
const LIBRARIES = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

/**
 * The environment of a worker, which JavaScript there cannot read. It lacks what changes the libraries that a program
 * loads (`LD_LIBRARY_PATH` of conda or CUDA): a result must not depend on it, and Deno starts no program with it from a
 * process that may not do everything. A native library could read it and follow it, so it gets no more than is needed.
 * A GPU's driver is the machine's own, and may be found in no other way.
 */
function environmentOf({ permissions: { ffi, gpu } }: WorkerSandbox): Record<string, string> {
  const isPassedOn = (name: string) => {
    if (ffi) return NEEDED.includes(name);
    return !/^(LD|DYLD)_/.test(name) || gpu === true && LIBRARIES.includes(name);
  };
  return Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => isPassedOn(name)));
}

/** Calls `use` with each line that is not empty. */
async function eachLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  use: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") use(line);
  }
  if (rest !== "") use(rest);
}
