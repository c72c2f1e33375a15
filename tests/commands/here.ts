import { main } from "../../pipeline/commands/main.ts";
import type { Finished } from "./toy.ts";

/**
 * Runs a command line in this process, where it needs half the time: to start a process and to load all modules takes
 * longer than most commands. One at a time, since what is printed meanwhile is taken for its own. Relative paths are
 * those of the tests: of the folder that they were started in.
 */
export async function here(...commandLine: Parameters<typeof main>): Promise<Finished> {
  const printed = { stdout: "", stderr: "" };
  const { log, error } = console;
  const { isTerminal, writeSync } = Deno.stderr;
  const decoder = new TextDecoder();
  console.log = (line) => printed.stdout += `${line}\n`;
  console.error = (line) => printed.stderr += `${line}\n`;
  Deno.stderr.isTerminal = () => false;
  Deno.stderr.writeSync = (bytes) => {
    printed.stderr += decoder.decode(bytes, { stream: true });
    return bytes.length;
  };
  try {
    const code = await main(...commandLine);
    return { code, ...printed };
  } finally {
    Object.assign(console, { log, error });
    Object.assign(Deno.stderr, { isTerminal, writeSync });
  }
}
