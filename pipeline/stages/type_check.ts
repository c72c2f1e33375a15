import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";

/** More mistakes than these are not told. */
const MOST_MISTAKES = 5;

/**
 * What only the project's own taste forbids, by its compiler options: names that are not used, a `switch` that falls
 * through, a branch without `return`, a method that overrides unsaid.
 */
const TASTE = new Set(
  "6133 6138 6192 6196 6198 6199 6205 7029 7030 4114".split(" ").map((code) => `TS${code}`),
);

/**
 * Holds modules of the user's to their types. They are not run.
 *
 * @param files their absolute paths
 * @param root folder of `deno.json`
 * @throws {UserError} with the place of each mistake
 */
export async function checkTypes(files: readonly string[], root: string, signal: AbortSignal): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--no-remote", `--config=${root}/deno.json`, ...files],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  signal.throwIfAborted();
  if (success) return;
  const mistakes = mistakesIn(new TextDecoder().decode(stderr));
  const [first, ...further] = mistakes.slice(0, MOST_MISTAKES);
  // What is wrong in another way (a file that is missing) is told when the module is loaded.
  if (first) {
    throw new UserError(first.message, { place: first.place, notes: first.notes, exitStatus: 2, further });
  }
}

/** The mistakes that `deno check` tells. */
function mistakesIn(text: string): UserError[] {
  return text.split(/^(?=TS\d+ \[ERROR\]: )/m).flatMap((part) => {
    const [, code, message] = /^(TS\d+) \[ERROR\]: (.*)/.exec(part) ?? [];
    const [, url, line, column] = /^ *at (file:\/\/\S+):(\d+):(\d+)$/m.exec(part) ?? [];
    if (code === undefined || url === undefined || TASTE.has(code)) return [];
    const details = part.split("\n").slice(1).filter((one) =>
      /^ {2}\S/.test(one) && !/^ *[~^]+ *$/.test(one)
    );
    return [
      new UserError(`${message!.replace(/\.$/, "")} (${code})`, {
        place: { file: fileURLToPath(url), line: Number(line), column: Number(column) },
        notes: details.slice(0, 3).map((one) => one.trim()),
        exitStatus: 2,
      }),
    ];
  });
}
