/** What the clock says to a stage: it stands. */
const NOW = Date.UTC(2000, 0, 1);
/** Cores that a stage is told of: no step of ours makes use of more. */
const MOST_CORES = 2;

/**
 * Makes a worker's process answer alike on every machine and at every time, before a stage's code is loaded: what is
 * in no key can then not find its way into a result by accident. What a library may ask for while it is loaded is
 * answered with something that never changes; what nobody needs is gone, or says whose fault it is.
 *
 * It is no wall: who looks for a source of chance finds one, as in `node:crypto` or `node:process`. `performance.now`
 * goes on, for progress and checkpoints, but counts from the beginning of the process; and `hardwareConcurrency`
 * tells one core from several, since a second thread does not pay on one. No bytes of ours depend on either.
 */
export function standStill(stage: string): void {
  const random = chance();
  fix(Math, "random", () => random() / 2 ** 32);
  fix(crypto, "getRandomValues", (array: ArrayBufferView) => {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < bytes.length; i++) bytes[i] = random() >>> 24;
    return array;
  });
  fix(crypto, "randomUUID", () => {
    const digits = Array.from({ length: 4 }, () => random().toString(16).padStart(8, "0")).join("");
    return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
  });
  standClock();
  fix(performance, "timeOrigin", NOW);
  fix(navigator, "hardwareConcurrency", Math.min(MOST_CORES, navigator.hardwareConcurrency));
  for (const name of ["localStorage", "sessionStorage", "caches"]) Reflect.deleteProperty(globalThis, name);
  for (const name of ["pid", "ppid"]) fix(Deno, name, 0);
  for (const name of ["openKv", "hostname", "cwd", "osUptime", "loadavg"]) {
    fix(Deno, name, () => {
      throw new Error(`Stage ${stage} asks for Deno.${name}, which is not in its key`);
    });
  }
  for (const name of ["stat", "lstat"] as const) {
    const [later, now] = [Deno[name], Deno[`${name}Sync`]];
    fix(Deno, name, async (path: string | URL) => withoutTimes(await later(path)));
    fix(Deno, `${name}Sync`, (path: string | URL) => withoutTimes(now(path)));
  }
  const { stat, statSync } = Deno.FsFile.prototype;
  fix(Deno.FsFile.prototype, "stat", async function (this: Deno.FsFile) {
    return withoutTimes(await stat.call(this));
  });
  fix(Deno.FsFile.prototype, "statSync", function (this: Deno.FsFile) {
    return withoutTimes(statSync.call(this));
  });
}

function fix(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true, enumerable: true });
}

/** The same whole numbers below 2^32 in every process: SplitMix32. */
function chance(): () => number {
  let state = 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function standClock(): void {
  fix(Date, "now", () => NOW);
  const still = new Proxy(Date, {
    apply: () => new Date(NOW).toString(),
    construct: (target, given, newTarget) =>
      Reflect.construct(target, given.length === 0 ? [NOW] : given, newTarget),
  });
  fix(Date.prototype, "constructor", still);
  fix(globalThis, "Date", still);
  const temporal = (globalThis as { Temporal?: object }).Temporal;
  if (temporal) Reflect.deleteProperty(temporal, "Now");
}

/** What a copy of the same file has in common with it. */
function withoutTimes(info: Deno.FileInfo): Deno.FileInfo {
  return {
    ...info,
    mtime: null,
    atime: null,
    birthtime: null,
    ctime: null,
    ino: null,
    dev: 0,
    uid: null,
    gid: null,
  };
}
