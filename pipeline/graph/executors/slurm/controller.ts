import { UserError } from "../../../base/errors.ts";

/** One task as Slurm's queue has it. */
export interface QueueRow {
  /** `12_3`: array and task. */
  readonly id: string;
  readonly array: string;
  readonly index: number;
  /** In Slurm's words: PENDING, RUNNING, TIMEOUT. */
  readonly state: string;
  /** Why it waits or has failed, in Slurm's words. */
  readonly reason: string;
  /** The node, or nodes, that it runs on or ran on; "" where there is none. */
  readonly node: string;
  /** What `sbatch` was given as its comment. */
  readonly comment: string;
}

/** Slurm's controller could not be asked: it may be asked again. */
export class ControllerSilent extends Error {}

/** Slurm refuses what it was asked. */
export class Refused extends Error {}

/** Slurm's commands wait long for a controller that is down. */
const PATIENCE_MS = 20_000;
/** What Slurm's commands say when it is not the request that is wrong. */
const SILENT =
  /unable to contact|socket timed out|connection refused|connection timed out|communication|zero bytes|temporarily unable|try again|job violates accounting.*limit.*submit|Slurm backup controller|Transport endpoint/i;
const FORMAT = ["%i", "%F", "%K", "%T", "%r", "%N", "%k"].join("|");

/** Speaks to Slurm by its commands, each bounded in time and counted. */
export class Controller {
  /** How often each command was called. */
  readonly calls: Record<string, number> = {};
  readonly #env: Readonly<Record<string, string>>;

  /** @param env variables for Slurm's commands, beside those of this process: `SLURM_CONF` */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
  }

  /** Hands a script over. @returns the id of its job array @throws {Refused} @throws {ControllerSilent} */
  async submit(args: readonly string[], script: string): Promise<string> {
    const said = await this.#call("sbatch", ["--parsable", ...args], script);
    return said.trim().split(";")[0]!;
  }

  /** All tasks of this user that Slurm knows of, also those that ended lately. @throws {ControllerSilent} */
  async queue(): Promise<QueueRow[]> {
    const user = Deno.uid() === null ? [] : [`--user=${Deno.uid()}`];
    const said = await this.#call("squeue", [
      "--noheader",
      "--array",
      "--states=all",
      ...user,
      `--format=${FORMAT}`,
    ]);
    return said.split("\n").filter((line) => line !== "").map(parseRow);
  }

  /** The exit status of a task that has ended, as long as Slurm knows it. @throws {ControllerSilent} */
  async exitStatus(id: string): Promise<number | undefined> {
    try {
      const said = await this.#call("scontrol", ["show", "job", "--oneliner", id]);
      const [, status] = /\bExitCode=(\d+):/.exec(said) ?? [];
      return status === undefined ? undefined : Number(status);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** The names of all partitions. @throws {ControllerSilent} */
  async partitions(): Promise<string[]> {
    const said = await this.#call("sinfo", ["--noheader", "--format=%R"]);
    return [...new Set(said.split("\n").filter((line) => line !== ""))];
  }

  /** Lets tasks that wait for a time begin at once; where that may not be, they wait. */
  async startNow(ids: readonly string[]): Promise<void> {
    for (const some of inPieces(ids)) {
      try {
        await this.#call("scontrol", ["update", `JobId=${some.join()}`, "StartTime=now"]);
      } catch (error) {
        if (!(error instanceof Refused || error instanceof ControllerSilent)) throw error;
      }
    }
  }

  /** Ends tasks: SIGTERM, and after a while SIGKILL. Those that have ended already are passed over. */
  async cancel(ids: readonly string[]): Promise<void> {
    for (const some of inPieces(ids)) await this.#call("scancel", ["--quiet", ...some]);
  }

  async #call(program: string, args: readonly string[], stdin?: string): Promise<string> {
    this.calls[program] = (this.calls[program] ?? 0) + 1;
    const limit = AbortSignal.timeout(PATIENCE_MS);
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(program, {
        args: [...args],
        env: { LC_ALL: "C", ...this.#env },
        stdin: stdin === undefined ? "null" : "piped",
        stdout: "piped",
        stderr: "piped",
        signal: limit,
      }).spawn();
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new UserError(`Cannot speak to Slurm: there is no command ${program} on this machine`, {
        notes: [
          "--executor slurm is for a machine that submits jobs, a login node. Are Slurm's commands in PATH?",
          "Next: `module load slurm`, or leave --executor out to run on this machine.",
        ],
        exitStatus: 2,
        cause,
      });
    }
    if (stdin !== undefined) {
      const writer = child.stdin.getWriter();
      // A command that ends before it has read says why.
      writer.write(new TextEncoder().encode(stdin)).then(() => writer.close()).catch(() => {});
    }
    const { success, signal, stdout, stderr } = await child.output();
    if (limit.aborted) throw new ControllerSilent(`${program} did not answer within ${PATIENCE_MS / 1000} s`);
    // Ctrl-C in a terminal reaches Slurm's commands, too: that is no answer.
    if (signal !== null) throw new ControllerSilent(`${program} was ended by ${signal}`);
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (success) return decode(stdout);
    const words = decode(stderr).trim().replaceAll(
      /^(sbatch|squeue|scancel|scontrol|sinfo): (error: )?/gm,
      "",
    );
    throw SILENT.test(words) ? new ControllerSilent(words) : new Refused(words);
  }
}

/** A command line has an end. */
function inPieces(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / 500) }, (_, i) => ids.slice(500 * i, 500 * (i + 1)));
}

function parseRow(line: string): QueueRow {
  const [id, array, index, state, reason, node, ...comment] = line.split("|") as [string, ...string[]];
  return {
    id,
    array: array!,
    index: Number(index),
    state: state!,
    reason: reason!,
    node: node!,
    comment: comment.join("|"),
  };
}
