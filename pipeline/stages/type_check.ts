import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../base/errors.ts";
import { isPresent, onDisk, readTextIfPresent, removeIfPresent, writeAtomically } from "../store/disk.ts";
import { seal, sha256, unseal } from "../store/sealed.ts";
import type { Store } from "../store/store.ts";

/** Modules that are loaded by need, and their types: none that a user's module sees comes from them, so none is looked at. */
const LOADED_LATER = /(?<!typeof )(\bimport\("\.[^"]+")\)/g;
const TYPE_OF_LATER = /\btypeof import\("\.[^"]+"\)/g;

/** A module beside this one that is imported or passed on. */
const IMPORT = /(?:\bfrom |^import )"(\.[^"]+)"/gm;

/** More mistakes than these are not told. */
const MOST_MISTAKES = 5;

/**
 * What only the project's own taste forbids, by its compiler options: names that are not used, a `switch` that falls
 * through, a branch without `return`, a method that overrides unsaid.
 */
const TASTE = new Set(
  "6133 6138 6192 6196 6198 6199 6205 7029 7030 4114".split(" ").map((code) => `TS${code}`),
);

/** A module of the user's, and what it is known by. */
export interface OwnCode {
  /** Absolute path. */
  readonly file: string;
  /** Digest of the user's code that is reached from it. */
  readonly digest: string;
}

/** The modules of this project that a user's can see, as they are held against. */
interface Project {
  /** By their paths below `root`. */
  readonly texts: ReadonlyMap<string, string>;
  /** SHA-256 of the texts, and of the Deno that reads them. */
  readonly digest: string;
}

/**
 * Holds modules of the user's to their types, all at once: most of what that takes is spent on the modules of others.
 * They are not run. Those whose code was found right before are not looked at again.
 *
 * @param root folder of `deno.json`
 * @throws {UserError} with the place of each mistake
 */
export async function checkTypes(
  modules: readonly OwnCode[],
  root: string,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  const project = projectIn(root);
  const right = foundRight(project, store);
  const unknown = modules.filter(({ digest }) => !right.has(digest));
  if (unknown.length === 0) return;
  const own = await onDisk("Cannot check the types of modules", () => copyUnchecked(project, store));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "check",
      "--quiet",
      "--no-remote",
      `--config=${root}/deno.json`,
      `--import-map=${own}/deno.json`,
      ...new Set(unknown.map(({ file }) => file)),
    ],
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  signal.throwIfAborted();
  if (!success) throwMistakes(new TextDecoder().decode(stderr));
  for (const { digest } of unknown) right.add(digest);
  const memo = seal({ project: project.digest, right: [...right] });
  await onDisk(
    "Cannot keep which modules are right",
    () => writeAtomically(memoPath(store), memo, store.aside()),
  );
}

const memoPath = (store: Store) => `${store.folder}/types.json`;

/** Digests of code that was found right beside this project. A damaged memo counts as empty. */
function foundRight({ digest }: Project, store: Store): Set<string> {
  const memo = unseal(readTextIfPresent(memoPath(store)) ?? "") as
    | { project: string; right: string[] }
    | undefined;
  return new Set(memo?.project === digest ? memo.right : []);
}

/** What `reparam` leads to, and `deno.json`, because one of them reads it and because as an import map it leads there. */
function projectIn(root: string): Project {
  const texts = new Map([["deno.json", Deno.readTextFileSync(`${root}/deno.json`)]]);
  const add = (path: string) => {
    if (texts.has(path)) return;
    const text = readTextIfPresent(`${root}/${path}`);
    if (text === undefined) return; // an import that only a comment has
    texts.set(path, text);
    for (const [, specifier] of text.matchAll(IMPORT)) add(join(dirname(path), specifier!));
  };
  add("pipeline/mod.ts");
  return { texts, digest: sha256(JSON.stringify([Deno.version.deno, ...texts])) };
}

/**
 * The folder of `copyUnchecked`, for who holds modules to more than their types.
 *
 * @param root folder of `deno.json`
 */
export function uncheckedProject(root: string, store: Store): string {
  return copyUnchecked(projectIn(root), store);
}

/**
 * Copies the project's own modules, each marked as checked: `deno check` would hold them to their types again, which
 * takes three times as long as all else. The same modules have the same folder, whose files Deno knows the next time;
 * it goes with what else is in `tmp`.
 */
function copyUnchecked({ texts, digest }: Project, store: Store): string {
  const folder = `${store.folder}/tmp/types-${digest}`;
  if (isPresent(folder)) return folder;
  const aside = store.aside();
  for (const [path, text] of texts) {
    Deno.mkdirSync(dirname(`${aside}/${path}`), { recursive: true });
    const now = text.replace(LOADED_LATER, "$1 as string)").replace(TYPE_OF_LATER, "any");
    Deno.writeTextFileSync(`${aside}/${path}`, path.endsWith(".ts") ? `// @ts-nocheck\n${now}` : text);
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
