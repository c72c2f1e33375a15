import { ROOT } from "../graph/toy_project.ts";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line over the toy stages in a folder that holds specs. */
export function startToy(folder: string, ...args: string[]): Deno.ChildProcess {
  const { pathname } = new URL("./toy_main.ts", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `--config=${ROOT}/deno.json`, pathname, ...args],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

export async function toy(folder: string, ...args: string[]): Promise<Finished> {
  const { code, stdout, stderr } = await startToy(folder, ...args).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** One JSON value per line. */
export function jsonLines(text: string) {
  return text.trim().split("\n").map((line) => JSON.parse(line));
}
