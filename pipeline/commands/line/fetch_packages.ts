import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

/** Milliseconds from one look at what has come to the next. */
const INTERVAL_MS = 1000;
/** Milliseconds before anything is said: what is fetched sooner is not worth a word. */
const QUIET_MS = 1500;

/** Beside the packages: SHA-256 of the lock file that they were fetched for. */
const STAMP = "node_modules/.fetched-for";

/**
 * Has Deno fetch the packages that `deno.lock` names, where they are not here yet, and tells how much has come.
 *
 * `"nodeModulesDir": "manual"` leaves this to us: with `auto`, `deno task` and `deno run` do it before anything of ours
 * runs, and print the address of each package.
 *
 * @param root folder of `deno.json`
 */
export async function fetchPackages(root: URL): Promise<void> {
  const folder = fileURLToPath(root);
  const lock = createHash("sha256").update(Deno.readFileSync(`${folder}deno.lock`)).digest("hex");
  if (textIfThere(`${folder}${STAMP}`) === lock) return;
  const run = (...args: string[]) =>
    new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
  const cache = JSON.parse(new TextDecoder().decode((await run("info", "--json")).stdout)).npmCache as string;
  const before = bytesBelow(cache);
  const started = performance.now();
  const isLive = Deno.stderr.isTerminal();
  const tell = (text: string) =>
    Deno.stderr.writeSync(new TextEncoder().encode(isLive ? `\r\x1b[K${text}` : `${text}\n`));
  let isTold = false;
  const timer = setInterval(() => {
    if (performance.now() - started < QUIET_MS || isTold && !isLive) return;
    isTold = true;
    tell(`Fetching packages, once: ${megabytes(bytesBelow(cache) - before)} so far`);
  }, INTERVAL_MS);
  const { success, stderr } = await run("install", "--frozen", "--quiet");
  clearInterval(timer);
  if (isTold) {
    const seconds = Math.round((performance.now() - started) / 1000);
    tell(`Fetched packages: ${megabytes(bytesBelow(cache) - before)} in ${seconds} s${isLive ? "\n" : ""}`);
  }
  if (success) {
    try {
      Deno.writeTextFileSync(`${folder}${STAMP}`, lock);
    } catch {
      // a folder that may not be written to: it is looked at again the next time
    }
    return;
  }
  // They may be here all the same; what is missing is told where it is imported.
  Deno.stderr.writeSync(stderr);
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function textIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** The sizes of all files below a folder, which may come and go meanwhile. */
function bytesBelow(folder: string): number {
  let bytes = 0;
  const visit = (path: string) => {
    try {
      for (const { name, isDirectory } of Deno.readDirSync(path)) {
        if (isDirectory) visit(`${path}/${name}`);
        else bytes += Deno.lstatSync(`${path}/${name}`).size;
      }
    } catch {
      // not there yet, or no longer
    }
  };
  visit(folder);
  return bytes;
}
