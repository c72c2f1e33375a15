import { stripVTControlCharacters } from "node:util";
import type { Case } from "./case.ts";

/** What distinguishes one way to run a peer from another, for example `{ threads: 2, layout: "channels_last" }`. */
export type Setting = Readonly<Record<string, string | number | boolean>>;

export interface Entry {
  /** The contestant, for example "PyTorch eager". */
  readonly name: string;
  readonly setting: Setting;
  /** Program and arguments; the configuration is added as one JSON argument. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds after which one that has not answered is given up. */
  readonly patience?: number;
}

export function settingText(setting: Setting): string {
  return Object.entries(setting).map(([key, value]) => `${key} ${value}`).join(", ");
}

/** A contestant that could not take part; the benchmark says why and goes on. */
export class Absent extends Error {
  override name = "Absent";
}

/**
 * A contestant in a process of its own, which waits without work between its rounds. Line protocol: see
 * `peers/peer.py`.
 */
export class Contestant {
  readonly entry: Entry;
  version = "";
  /** Until the end of the first step; for Reparam, the time that opening, tracing and building took. */
  compileMs = 0;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #output: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  #rest = "";

  private constructor(entry: Entry, child: Deno.ChildProcess) {
    this.entry = entry;
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(child.stderr).text();
  }

  static async start(entry: Entry, files: Case): Promise<Contestant> {
    const configuration = JSON.stringify({ ...files, setting: entry.setting });
    const [program, ...args] = entry.command as [string, ...string[]];
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(program, {
        args: [...args, configuration],
        env: entry.environment ?? {},
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) throw new Absent(`${program} is not installed`);
      throw error;
    }
    const contestant = new Contestant(entry, child);
    const ready = await contestant.#answer();
    contestant.version = ready["version"] as string;
    contestant.compileMs = ready["compileMs"] as number;
    return contestant;
  }

  /** Mean milliseconds per step over `steps` steps. */
  async run(steps: number): Promise<number> {
    await this.#send(`run ${steps}`);
    return (await this.#answer())["msPerStep"] as number;
  }

  /** Writes the gradients to `file`; returns the losses before and after each of three updates. */
  async check(file: string): Promise<number[]> {
    await this.#send(`check ${file}`);
    return (await this.#answer())["losses"] as number[];
  }

  /** The largest resident memory of the process so far, in MB; `undefined` where the system does not tell. */
  peakMemory(): number | undefined {
    if (Deno.build.os !== "linux") return undefined;
    const status = Deno.readTextFileSync(`/proc/${this.#child.pid}/status`);
    return Number(/VmHWM:\s*(\d+)/.exec(status)![1]) / 1024;
  }

  async stop(): Promise<void> {
    await this.#input.close().catch(() => {}); // a process that has ended has closed it already
    await this.#child.status;
  }

  async #send(line: string): Promise<void> {
    // Why one has ended is told where its answer is missing.
    await this.#input.write(new TextEncoder().encode(line + "\n")).catch(() => {});
  }

  async #answer(): Promise<Record<string, unknown>> {
    const { patience } = this.entry;
    if (patience === undefined) return await this.#nextLine();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      try {
        this.#child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }, 1000 * patience);
    try {
      return await this.#nextLine();
    } catch (error) {
      throw isLate ? new Absent(`it did not answer within ${patience} s`) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #nextLine(): Promise<Record<string, unknown>> {
    while (true) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        if (line.startsWith("{")) return JSON.parse(line);
        continue; // a library's greeting
      }
      const { value, done } = await this.#output.read();
      if (done) {
        // Deno says first what was wrong, Python last.
        const lines = (await this.#errors).trim().split("\n");
        const message = lines.find((line) => /^(error|UserError): /.test(stripVTControlCharacters(line))) ??
          lines.at(-1);
        throw new Absent(
          stripVTControlCharacters(message ?? "").replace(/^error: (Uncaught )?(\(in promise\) )?/, "") ||
            `it ended with status ${(await this.#child.status).code}`,
        );
      }
      this.#rest += value;
    }
  }
}
