import { createHash } from "node:crypto";
import { readTextIfPresent, writeAtomically } from "./disk.ts";
import { seal, unseal } from "./sealed.ts";

/** A file whose digest is known: inode, size, modification and status-change time. */
interface Known {
  readonly inode: number;
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
  readonly digest: string;
}

/** A file's path and what is known of it, as the memo keeps it: a store may have a hundred thousand of them. */
type Row = readonly [
  path: string,
  inode: number,
  size: number,
  modified: number,
  changed: number,
  digest: string,
];

/**
 * Status-change times come in whole seconds. A file that was written to in the second in which its reading
 * began may be written to again without its times showing it, so such a digest is not kept.
 */
const RESOLUTION_MS = 1000;
const CHUNK = 1 << 20;
/** Stands before the path of a file whose digest is that of what it holds. */
const UNPACKED = "gzip:";

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

  /** @throws {Deno.errors.NotFound} where there is no file */
  async digest(path: string): Promise<string> {
    return this.known(path) ?? await this.readAgain(path);
  }

  /** The digest of what a gzipped file holds. @throws {TypeError} where it cannot be unpacked, or to more than `most` bytes */
  async unpackedDigest(path: string, most: number): Promise<string> {
    return this.known(path, UNPACKED) ??
      await this.#readAs(UNPACKED + path, path, () => this.#readUnpacked(path, most));
  }

  /** The digest of a file that need not be read for it. @param of what the digest is of: "", or `UNPACKED` */
  known(path: string, of = ""): string | undefined {
    const known = this.#known.get(of + path);
    if (!known) return undefined;
    try {
      return matches(known, Deno.statSync(path)) ? known.digest : undefined;
    } catch {
      return undefined; // what is wrong with it is told where it is read
    }
  }

  /** Reads the file whatever is known of it: a disk that flips bits changes no times. */
  readAgain(path: string): Promise<string> {
    return this.#readAs(path, path, () => digestOfFile(path, (bytes) => this.bytesRead += bytes));
  }

  /** @param name under which the digest is kept */
  async #readAs(name: string, path: string, read: () => Promise<string>): Promise<string> {
    this.forget(name);
    const before = Deno.statSync(path);
    // To open a pipe would be to wait for whoever writes to it.
    if (!before.isFile) throw new Deno.errors.NotFound(`${path} is no file`);
    const started = Date.now();
    const digest = await read();
    const after = describe(Deno.statSync(path), digest);
    if (matches(after, before) && after.changed + RESOLUTION_MS <= started) {
      this.#known.set(name, after);
      this.#fresh.set(name, after);
    }
    return digest;
  }

  forget(path: string): void {
    this.#known.delete(path);
    this.#fresh.delete(path);
  }

  async #readUnpacked(path: string, most: number): Promise<string> {
    const hash = createHash("sha256");
    const file = await Deno.open(path);
    let length = 0;
    for await (const bytes of file.readable.pipeThrough(new DecompressionStream("gzip"))) {
      hash.update(bytes);
      this.bytesRead += bytes.length;
      length += bytes.length;
      // What is small on the disk may unpack to a thousand times as much.
      if (length > most) throw new TypeError(`it holds more than ${most} bytes`);
    }
    return hash.digest("hex");
  }

  /** Keeps what was learnt, beside what other processes learnt meanwhile. @param aside see `writeAtomically` */
  save(aside: string): void {
    if (this.#fresh.size === 0) return;
    const merged = new Map([...load(this.#memoPath), ...this.#fresh]);
    const rows = Array.from(
      merged,
      (
        [path, { inode, size, modified, changed, digest }],
      ): Row => [path, inode, size, modified, changed, digest],
    );
    writeAtomically(this.#memoPath, seal(rows), aside);
    this.#fresh.clear();
  }
}

/** The digest of a file, whatever is known of it. @param onRead told how many bytes were read */
export async function digestOfFile(
  path: string,
  onRead: (bytes: number) => void = () => {},
): Promise<string> {
  using file = await Deno.open(path);
  const hash = createHash("sha256");
  // No more than is needed: there may be a hundred thousand small files.
  const buffer = new Uint8Array(Math.min(CHUNK, (await file.stat()).size + 1));
  for (let length; (length = await file.read(buffer)) !== null;) {
    hash.update(buffer.subarray(0, length));
    onRead(length);
  }
  return hash.digest("hex");
}

function load(path: string): Map<string, Known> {
  const text = readTextIfPresent(path);
  const rows = text && unseal(text);
  if (!Array.isArray(rows)) return new Map();
  const known = new Map<string, Known>();
  for (const row of rows) {
    if (!isRow(row)) continue; // sealed, but not by `save`
    const [path, inode, size, modified, changed, digest] = row;
    known.set(path, { inode, size, modified, changed, digest });
  }
  return known;
}

function isRow(row: unknown): row is Row {
  if (!Array.isArray(row) || row.length !== 6) return false;
  const [path, inode, size, modified, changed, digest] = row;
  return typeof path === "string" && typeof inode === "number" && typeof size === "number" &&
    typeof modified === "number" && typeof changed === "number" && typeof digest === "string";
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
