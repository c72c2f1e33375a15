import { UserError } from "../base/errors.ts";

/** What a user can mend about a failed write or read; anything else is passed on as it came. */
export function explainDiskError(error: unknown, attempt: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return new UserError(`${attempt}: the disk is full`, {
        notes: [
          "Nothing that was stored before is harmed. Free some space (`deno task gc` shows what it could free) and run again.",
        ],
        cause: error,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new UserError(`${attempt}: the folder is read-only for this user`, {
        notes: [
          "Make it writable, or name other folders with --artifacts DIR and --reports DIR. Nothing was changed.",
        ],
        cause: error,
      });
    case "EEXIST":
    case "ENOTDIR":
      return new UserError(`${attempt}: a file or a broken link is where a folder must be`, {
        notes: [(error as Error).message, "Next: move it away, or name another folder."],
        cause: error,
      });
    case "ENOENT":
      return new UserError(`${attempt}: a file or folder that was there is gone`, {
        notes: [
          (error as Error).message,
          "Was it removed by hand? Run again: what is still in the store is not run anew. `deno task gc` frees space and breaks nothing.",
        ],
        cause: error,
      });
    default:
      return error;
  }
}

/** Runs `work`, and says what it was for where the disk is full or read-only. */
export async function onDisk<T>(attempt: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explainDiskError(error, attempt);
  }
}

/** Makes renames and new names in a folder durable. */
export function syncFolder(folder: string): void {
  using handle = Deno.openSync(folder);
  handle.syncSync();
}

/**
 * Replaces `path` by `bytes` so that every reader, and the disk after a power cut, has the old file or the new
 * one whole. `aside` is a path on the same file system that nobody else uses.
 */
export function writeAtomically(path: string, bytes: string | Uint8Array, aside: string): void {
  try {
    {
      using file = Deno.openSync(aside, { createNew: true, write: true });
      const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      for (let written = 0; written < data.length;) written += file.writeSync(data.subarray(written));
      file.syncSync();
    }
    Deno.renameSync(aside, path);
  } catch (error) {
    removeIfPresent(aside);
    throw error;
  }
}

/** Whether there is a file, a folder or a link, even one that leads nowhere. */
export function isPresent(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Removes a file, or a folder with all that is in it. */
export function removeIfPresent(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The text of a file, or undefined where there is none, or something else in its place. */
export function readTextIfPresent(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) return undefined;
    throw error;
  }
}

/** All regular files below `folder` as `a/b.txt`, sorted. @throws {UserError} for a link or a device. */
export function listFiles(folder: string): string[] {
  const files: string[] = [];
  const visit = (prefix: string) => {
    for (const entry of Deno.readDirSync(`${folder}/${prefix}`)) {
      const name = prefix + entry.name;
      if (entry.isDirectory) visit(`${name}/`);
      else if (entry.isFile) files.push(name);
      else throw new UserError(`Cannot use ${folder}/${name}: it is neither a file nor a folder`);
    }
  };
  visit("");
  return files.sort();
}

/** The bytes of a file, or undefined where there is none. */
export function readIfPresent(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether there is a folder, or a link to one; false also where this user may not look. */
export function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** The entries of a folder that may not exist yet, or of what is no folder, sorted. */
export function entriesOf(folder: string): string[] {
  try {
    return Array.from(Deno.readDirSync(folder), (entry) => entry.name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return [];
    throw error;
  }
}
