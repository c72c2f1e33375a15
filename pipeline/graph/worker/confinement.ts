import { fileURLToPath } from "node:url";
import type { WorkerSandbox } from "./command.ts";
import type { Assignment } from "./protocol.ts";

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

/** One argument holds all rules. */
const MOST_RULES = 200;

/**
 * Arguments of Deno that start a worker which calls native libraries. On Linux the kernel holds it to what its
 * permissions say (`confine.ts`), since Deno's own permissions end where a library begins; elsewhere they are those
 * that start any other.
 */
export function confined(
  args: readonly string[],
  { inputs }: Assignment,
  { root, code, blobs, workFolder, permissions }: WorkerSandbox,
): readonly string[] {
  if (!permissions.ffi || Deno.build.os !== "linux") return args;
  const cache = cacheFolder();
  Deno.mkdirSync(cache, { recursive: true });
  const files = [...new Set(Object.values(inputs))];
  const confinement = {
    read: [
      ...SYSTEM,
      Deno.execPath(),
      // The worker's own code, which is in no key.
      fileURLToPath(new URL("../../", import.meta.url)),
      `${root}/deno.json`,
      `${root}/deno.lock`,
      // Deno looks whether all packages are installed; which of them a stage may read is told by its permissions.
      `${root}/node_modules`,
      ...code,
      ...(files.length > MOST_RULES ? [blobs] : files),
      ...(permissions.read ?? []),
    ],
    write: [workFolder, cache, "/dev/null"],
    net: (permissions.net ?? []).length > 0,
    environment: { DENO_DIR: cache },
  };
  const flags = ["--quiet", "--no-config", "--no-lock", "--no-prompt", "--cached-only", "--allow-ffi"];
  const confine = fileURLToPath(new URL("./confine.ts", import.meta.url));
  return ["run", ...flags, confine, JSON.stringify(confinement), Deno.execPath(), ...args];
}

/**
 * Where confined workers keep what Deno makes of TypeScript: a `DENO_DIR` of their own, so that none of them can
 * change what is run without confinement.
 */
function cacheFolder(): string {
  const [own, cache, home] = ["DENO_DIR", "XDG_CACHE_HOME", "HOME"].map((name) => Deno.env.get(name));
  return `${own ?? (cache ? `${cache}/deno` : `${home}/.cache/deno`)}/reparam-workers`;
}
