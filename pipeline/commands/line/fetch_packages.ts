import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { isOfUse } from "../../base/package_files.ts";

/** Milliseconds from one look at what has come to the next. */
const INTERVAL_MS = 1000;
/** Milliseconds before anything is said: what is fetched sooner is not worth a word. */
const QUIET_MS = 1500;

/** File in `node_modules` with the SHA-256 of the lock file that the packages were fetched for. */
const STAMP = ".fetched-for";
/** Deno's cache of packages while they are fetched, and the lock of who fetches them, in `node_modules`. */
const CACHE = ".fetching", LOCK = ".fetching-lock";

/**
 * Has Deno fetch the packages that `deno.lock` names, where they are not here yet, and tells how much has come.
 *
 * `"nodeModulesDir": "manual"` leaves this to us: with `auto`, `deno task` and `deno run` do it before anything of ours
 * runs, and print the address of each package.
 *
 * Where Deno's own cache holds them all they are linked to it. Else they are fetched into a cache that lasts no longer:
 * two thirds of what packages hold is of no use here, and what stays in a cache stays on the disk, whatever becomes of
 * the links to it.
 *
 * @param root folder of `deno.json`
 */
export async function fetchPackages(root: URL): Promise<void> {
  const folder = fileURLToPath(root), modules = `${folder}node_modules`;
  const wanted = createHash("sha256").update(Deno.readFileSync(`${folder}deno.lock`)).digest("hex");
  const areHere = () => textIfThere(`${modules}/${STAMP}`) === wanted;
  if (areHere()) return;
  using _turn = await turn(modules);
  if (areHere()) return;
  const failed = await link(folder) && await fetch(folder, `${modules}/${CACHE}`);
  if (failed) {
    // They may be here all the same; what is missing is told where it is imported.
    Deno.stderr.writeSync(failed);
    return;
  }
  try {
    removeIfThere(`${modules}/${CACHE}`);
    for (const path of filesBelow(`${modules}/.deno`)) {
      if (!isOfUse(path)) Deno.removeSync(`${modules}/.deno/${path}`);
    }
    Deno.writeTextFileSync(`${modules}/${STAMP}`, wanted);
  } catch {
    // a folder that may not be written to: it is looked at again the next time
  }
}

/** Waits until no other process fetches the same packages. */
async function turn(modules: string): Promise<Disposable> {
  try {
    await Deno.mkdir(modules, { recursive: true });
    const file = await Deno.open(`${modules}/${LOCK}`, { create: true, write: true });
    await file.lock(true);
    return file;
  } catch {
    return { [Symbol.dispose]: () => {} }; // a folder that may not be written to: nobody fetches into it
  }
}

/** Takes the packages from Deno's cache. @returns what Deno says where it does not hold them all */
function link(folder: string): Promise<Uint8Array | undefined> {
  return install(folder, ["--cached-only"], {});
}

/** Fetches the packages. @returns what Deno says where that fails */
async function fetch(folder: string, cache: string): Promise<Uint8Array | undefined> {
  const started = performance.now();
  const isLive = Deno.stderr.isTerminal();
  const tell = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(isLive ? `\r\x1b[K${text}` : `${text}\n`));
  let isTold = false;
  const timer = setInterval(() => {
    if (performance.now() - started < QUIET_MS || isTold && !isLive) return;
    isTold = true;
    tell(`Fetching packages, once: ${megabytesBelow(cache)} so far`);
  }, INTERVAL_MS);
  const failed = await install(folder, [], { DENO_DIR: cache });
  clearInterval(timer);
  if (isTold) {
    const seconds = Math.round((performance.now() - started) / 1000);
    tell(`Fetched packages: ${megabytesBelow(cache)} in ${seconds} s${isLive ? "\n" : ""}`);
  }
  return failed;
}

/** @returns what Deno says where it fails */
async function install(
  folder: string,
  flags: readonly string[],
  env: Record<string, string>,
): Promise<Uint8Array | undefined> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--frozen", "--quiet", ...flags],
    cwd: folder,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return success ? undefined : stderr;
}

function megabytesBelow(folder: string): string {
  let bytes = 0;
  for (const path of filesBelow(folder)) bytes += sizeIfThere(`${folder}/${path}`);
  return `${Math.round(bytes / 1e6)} MB`;
}

/** Paths of all files below a folder, which may come and go meanwhile; links are not followed. */
function* filesBelow(folder: string, within = ""): Generator<string> {
  for (const { name, isDirectory, isFile } of entriesIfThere(`${folder}/${within}`)) {
    if (isDirectory) yield* filesBelow(folder, `${within}${name}/`);
    else if (isFile) yield within + name;
  }
}

function entriesIfThere(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return [];
  }
}

function sizeIfThere(path: string): number {
  try {
    return Deno.lstatSync(path).size;
  } catch {
    return 0;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function textIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
