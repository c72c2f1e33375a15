import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { WorkerSandbox } from "./command.ts";
import type { Confinement } from "./confine.ts";

/** What any program reads to start, wherever a distribution has it. */
const SYSTEM = [
  "/usr",
  "/lib",
  "/lib64",
  "/nix/store",
  "/gnu/store",
  "/etc/ld.so.cache",
  // Not all of `/proc`: the environments of a user's other processes are there.
  ...["self", "cpuinfo", "meminfo", "stat", "sys"].map((name) => `/proc/${name}`),
  "/sys/devices/system/cpu",
  "/sys/fs/cgroup",
  "/dev",
];

/**
 * Arguments of Deno that start a worker which calls native libraries. On Linux the kernel holds it to what its
 * permissions say (`confine.ts`), since Deno's own permissions end where a library begins; elsewhere they are those
 * that start any other.
 */
export function confined(
  args: readonly string[],
  { root, code, blobs, workFolder, permissions }: WorkerSandbox,
): readonly string[] {
  if (!permissions.ffi || Deno.build.os !== "linux") return args;
  const cache = cacheFolder();
  // Deno looks whether all packages are installed; which of them a stage may read is told by its permissions.
  const folders = [fileURLToPath(new URL("../../", import.meta.url)), `${root}/node_modules/`];
  const confinement: Confinement = {
    read: [
      ...SYSTEM,
      Deno.execPath(),
      ...folders,
      `${root}/deno.json`,
      `${root}/deno.lock`,
      ...code.filter((path) => !folders.some((folder) => path.startsWith(folder))),
      ...(permissions.read ?? []),
    ],
    // Not its inputs one by one: a rule is for a file as it is now, and one of the same content may take its place.
    readByName: [blobs],
    write: [workFolder, ...cache, "/dev/null"],
    net: (permissions.net ?? []).length > 0,
    environment: cache.length > 0 ? { DENO_DIR: cache[0]! } : {},
  };
  const flags = ["--quiet", "--no-config", "--no-lock", "--no-prompt", "--cached-only", "--allow-ffi"];
  const confine = fileURLToPath(new URL("./confine.ts", import.meta.url));
  return ["run", ...flags, confine, JSON.stringify(confinement), Deno.execPath(), ...args];
}

/**
 * Where confined workers keep what Deno makes of TypeScript: a `DENO_DIR` of their own, so that none of them can
 * change what runs without confinement. Where a user has no folder for such things they start a second later.
 */
function cacheFolder(): readonly string[] {
  const [own, cache, home] = ["DENO_DIR", "XDG_CACHE_HOME", "HOME"].map((name) => Deno.env.get(name));
  const deno = own ?? (cache ? `${cache}/deno` : home && `${home}/.cache/deno`);
  if (!deno) return [];
  const folder = resolve(deno, "reparam-workers"); // workers stand elsewhere
  try {
    Deno.mkdirSync(folder, { recursive: true });
    return [folder];
  } catch {
    return []; // a home that may not be written to
  }
}
