import { createHash } from "node:crypto";
import { readTextIfPresent, writeAtomically } from "./disk.ts";
import { seal, unseal } from "./sealed.ts";

/** Inode, size, modification and status-change time of a file whose digest is known. */
interface Known {
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
  readonly digest: string;
}

/**
 * Status-change times come in whole seconds. A file that was written to in the second in which its reading
 * began may be written to again without its times showing it, so such a digest is not kept.
 */
const RESOLUTION_MS = 1000;
const CHUNK = 1 << 20;

/** SHA-256 of files, which reads no file twice that did not change in between. */
export class FileDigests {
  readonly #known: Map<string, Known>;
  readonly #fresh = new Map<string, Known>();
  readonly #memoPath: string;
  /** Bytes read so far. */
  bytesRead = 0;

  /** @param memoPath where digests are kept from one process to the next. A damaged file counts as empty. */
  constructor(memoPath: string) {
    this.#memoPath = memoPath;
    this.#known = load(memoPath);
  }

  /** @throws {Deno.errors.NotFound} */
  async digest(path: string): Promise<string> {
    const known = this.#known.get(path);
    return known && matches(known, Deno.statSync(path)) ? known.digest : await this.readAgain(path);
  }

  /** Reads the file whatever is known of it: a disk that flips bits changes no times. */
  async readAgain(path: string): Promise<string> {
    this.forget(path);
    const before = Deno.statSync(path);
    const started = Date.now();
    const digest = await this.#read(path);
    const after = describe(Deno.statSync(path), digest);
    if (matches(after, before) && after.changed + RESOLUTION_MS <= started) {
      this.#known.set(path, after);
      this.#fresh.set(path, after);
    }
    return digest;
  }

  forget(path: string): void {
    this.#known.delete(path);
    this.#fresh.delete(path);
  }

  async #read(path: string): Promise<string> {
    using file = await Deno.open(path);
    const hash = createHash("sha256");
    const buffer = new Uint8Array(CHUNK);
    for (let length; (length = await file.read(buffer)) !== null;) {
      hash.update(buffer.subarray(0, length));
      this.bytesRead += length;
    }
    return hash.digest("hex");
  }

  /** Keeps what was learnt, beside what other processes learnt meanwhile. @param aside see `writeAtomically` */
  save(aside: string): void {
    if (this.#fresh.size === 0) return;
    const merged = new Map([...load(this.#memoPath), ...this.#fresh]);
    writeAtomically(this.#memoPath, seal(Object.fromEntries(merged)), aside);
    this.#fresh.clear();
  }
}

function load(path: string): Map<string, Known> {
  const text = readTextIfPresent(path);
  return new Map(Object.entries((text && unseal(text) as Record<string, Known>) || {}));
}

function describe(stat: Deno.FileInfo, digest: string): Known {
  return {
    inode: stat.ino ?? 0,
    size: stat.size,
    modified: stat.mtime?.getTime() ?? 0,
    changed: stat.ctime?.getTime() ?? Number.MAX_SAFE_INTEGER, // unknown: never trusted
    digest,
  };
}

function matches(known: Known, stat: Deno.FileInfo): boolean {
  return known.inode === stat.ino && known.size === stat.size &&
    known.modified === stat.mtime?.getTime() && known.changed === stat.ctime?.getTime();
}
