import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";
import { isPresent, listFiles, onDisk, removeIfPresent } from "../store/disk.ts";
import { sha256 } from "../store/sealed.ts";
import type { Store } from "../store/store.ts";

/** Modules that are loaded by need: no type that a user's module sees comes from them, so none is looked at. */
const LOADED_LATER = /(?<!typeof )(\bimport\("\.[^"]+")\)/g;

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
export async function checkTypes(
  files: readonly string[],
  root: string,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  const own = await onDisk("Cannot check the types of modules", () => copyUnchecked(root, store));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "check",
      "--quiet",
      "--no-remote",
      `--config=${root}/deno.json`,
      `--import-map=${own}/deno.json`,
      ...files,
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  signal.throwIfAborted();
  if (!success) throwMistakes(new TextDecoder().decode(stderr));
}

/**
 * Copies the project's own modules, each marked as checked: `deno check` would hold them to their types again, which
 * takes three times as long as all else. `deno.json` lies beside them because one of them reads it, and because as an
 * import map it leads `reparam` to the copy. The same modules have the same folder, whose files Deno knows the next
 * time; it goes with what else is in `tmp`.
 */
function copyUnchecked(root: string, store: Store): string {
  const texts = new Map([["deno.json", Deno.readTextFileSync(`${root}/deno.json`)]]);
  for (const name of listFiles(`${root}/pipeline`)) {
    const path = `pipeline/${name}`, text = Deno.readTextFileSync(`${root}/${path}`);
    texts.set(
      path,
      path.endsWith(".ts") ? `// @ts-nocheck\n${text.replace(LOADED_LATER, "$1 as string)")}` : text,
    );
  }
  const folder = `${store.folder}/tmp/types-${sha256(JSON.stringify([...texts]))}`;
  if (isPresent(folder)) return folder;
  const aside = store.aside();
  for (const [path, text] of texts) {
    Deno.mkdirSync(dirname(`${aside}/${path}`), { recursive: true });
    Deno.writeTextFileSync(`${aside}/${path}`, text);
  }
  try {
    Deno.renameSync(aside, folder);
  } catch (error) {
    removeIfPresent(aside);
    if (!isPresent(folder)) throw error; // another process was faster
  }
  return folder;
}

/** @throws {UserError} with the place of each mistake that `deno check` tells */
function throwMistakes(text: string): void {
  const mistakes = mistakesIn(text);
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
