import { UserError } from "../base/errors.ts";
import { readTextIfPresent, removeIfPresent } from "./disk.ts";

/** Who holds a lock. */
export interface Holder {
  readonly pid: number;
  /** ISO 8601. */
  readonly since: string;
}

/** Locks of the operating system: they end with their process, so there is nothing to unlock by hand. */
export class Lock implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #path: string;
  readonly #remove: boolean;

  private constructor(file: Deno.FsFile, path: string, remove: boolean) {
    this.#file = file;
    this.#path = path;
    this.#remove = remove;
  }

  /**
   * Waits for the only lock on `path`, a file that exists just as long as somebody holds or wants it.
   * @param onWait told who holds it, where it is held
   * @param signal ends the waiting; its reason is thrown
   */
  static async exclusive(
    path: string,
    onWait: (holder: Holder | undefined) => void,
    signal: AbortSignal,
  ): Promise<Lock> {
    while (true) {
      const file = Deno.openSync(path, { create: true, write: true });
      try {
        await lock(file, path, true, () => onWait(readHolder(path)), signal);
        // The one before us removes the file when it is done: a lock on a removed file excludes nobody.
        if (isStillAt(file, path)) {
          writeHolder(file);
          return new Lock(file, path, true);
        }
      } catch (error) {
        file.close();
        throw error;
      }
      file.close();
    }
  }

  /**
   * Takes a shared lock on `path`. Where nobody else holds one, `alone` runs first, under an exclusive lock.
   * @param onWait called where somebody holds the exclusive lock
   * @param signal ends the waiting; its reason is thrown
   */
  static async shared(
    path: string,
    alone: () => void,
    onWait: () => void,
    signal?: AbortSignal,
  ): Promise<Lock> {
    return await Lock.#kept(path, async (file) => {
      if (tryLock(file, path, true)) alone();
      await lock(file, path, false, onWait, signal);
    });
  }

  /** Waits until nobody holds a shared lock on `path`. @param signal ends the waiting; its reason is thrown */
  static async alone(path: string, onWait: () => void, signal?: AbortSignal): Promise<Lock> {
    return await Lock.#kept(path, (file) => lock(file, path, true, onWait, signal));
  }

  /** A lock on a file that stays when it is let go. */
  static async #kept(path: string, take: (file: Deno.FsFile) => Promise<void>): Promise<Lock> {
    const file = Deno.openSync(path, { create: true, write: true });
    try {
      await take(file);
      return new Lock(file, path, false);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    try {
      if (this.#remove) removeIfPresent(this.#path);
    } finally {
      this.#file.close();
    }
  }
}

/**
 * Waits for the only lock on a file that stays when the lock ends.
 * @param onWait told who holds it, where it is held
 */
export async function lockFile(
  path: string,
  onWait: (holder: Holder | undefined) => void,
): Promise<Deno.FsFile> {
  const file = Deno.openSync(path, { create: true, write: true });
  if (!file.tryLockSync(true)) {
    onWait(readHolder(path));
    await file.lock(true);
  }
  writeHolder(file);
  return file;
}

/** Whether a process holds an exclusive lock on a file. */
export function isHeld(path: string): boolean {
  try {
    using file = Deno.openSync(path, { write: true });
    return !file.tryLockSync(true);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

/** @throws {UserError} where the file system has no locks, as NFS without its lock service */
function tryLock(file: Deno.FsFile, path: string, exclusive: boolean): boolean {
  try {
    return file.tryLockSync(exclusive);
  } catch (cause) {
    throw new UserError(`Cannot lock ${path}: ${(cause as Error).message}`, {
      notes: [
        "Locks keep two processes from writing the same result. This file system has none: NFS without its lock " +
        "service, and some cluster file systems, have none.",
        "Next: --artifacts DIR, with a folder on a local disk.",
      ],
      cause,
    });
  }
}

/** Takes a lock as soon as it can be had. */
async function lock(
  file: Deno.FsFile,
  path: string,
  exclusive: boolean,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<void> {
  if (tryLock(file, path, exclusive)) return;
  onWait();
  await Promise.race([file.lock(exclusive), ...(signal ? [aborted(signal)] : [])]);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function isStillAt(file: Deno.FsFile, path: string): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function writeHolder(file: Deno.FsFile): void {
  const holder: Holder = { pid: Deno.pid, since: new Date().toISOString() };
  file.truncateSync();
  file.writeSync(new TextEncoder().encode(JSON.stringify(holder)));
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readTextIfPresent(path) ?? "");
  } catch {
    return undefined; // taken this very moment, not signed yet
  }
}
