import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import yauzl from "yauzl";
import { UserError } from "../../../base/errors.ts";
import { nearest } from "../../../base/nearest.ts";
import { FormatError } from "../../../formats/format_error.ts";

/** Bytes that come one after another, however they are packed. */
export interface ByteSource {
  /** More than they can be: what follows from the size of the file. */
  readonly mostBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Deflate makes at most 1,032 bytes of one (RFC 1951: 258 bytes of two bits). */
const MOST_DEFLATED = 1032;

/**
 * Opens a file that holds an array: as it is, gzipped, or as a member of a ZIP archive, which `.npz` is.
 *
 * @param file names it in errors
 * @param member of an archive
 * @throws {UserError} where there is no such member, or one is named and there is no archive
 */
export async function openBytes(path: string, file: string, member: string | undefined): Promise<ByteSource> {
  const { size } = await Deno.stat(path);
  const start = await startOf(path);
  if (start.startsWith("PK\x03\x04") || start.startsWith("PK\x05\x06")) {
    return await openMember(path, file, member);
  }
  if (member !== undefined) {
    throw new UserError(`Cannot take ${member} from ${file}: it is no .npz file`, {
      notes: [`A file that holds one array is named without #${member}.`],
    });
  }
  if (!start.startsWith("\x1f\x8b")) return { mostBytes: size, bytes: plain(path) };
  return { mostBytes: size * MOST_DEFLATED, bytes: gunzipped(path, file) };
}

async function startOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const start = new Uint8Array(4);
  await file.read(start);
  return String.fromCharCode(...start);
}

async function* plain(path: string): AsyncGenerator<Uint8Array> {
  const file = await Deno.open(path);
  yield* file.readable;
}

async function* gunzipped(path: string, file: string): AsyncGenerator<Uint8Array> {
  const source = await Deno.open(path);
  try {
    yield* source.readable.pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FormatError(file, 0, `it cannot be unpacked: ${error.message}`);
  }
}

async function openMember(path: string, file: string, member: string | undefined): Promise<ByteSource> {
  const archive = await attempt<yauzl.ZipFile>(
    file,
    (done) => yauzl.open(path, { lazyEntries: true, autoClose: false }, done),
  );
  const entries = await attempt<yauzl.Entry[]>(file, (done) => {
    const found: yauzl.Entry[] = [];
    archive.on("entry", (entry: yauzl.Entry) => {
      found.push(entry);
      archive.readEntry();
    });
    archive.on("end", () => done(null, found));
    archive.on("error", (error) => done(error));
    archive.readEntry();
  });
  const names = entries.map(({ fileName }) => fileName.replace(/\.npy$/, ""));
  if (member !== undefined && names.indexOf(member) !== names.lastIndexOf(member)) {
    archive.close();
    throw new UserError(`Cannot tell which array of ${file} is meant: it holds ${member} more than once`);
  }
  const entry = entries[names.indexOf(member ?? "")] ??
    (member === undefined && entries.length === 1 ? entries[0] : undefined);
  if (!entry) {
    archive.close();
    const close = member === undefined ? undefined : nearest(member, names);
    throw new UserError(
      member === undefined
        ? `Cannot tell which array of ${file} is meant`
        : `Cannot find the array ${member} in ${file}`,
      {
        notes: [
          ...(close ? [`Did you mean ${file}#${close}?`] : []),
          `It holds ${names.slice(0, 20).join(", ") || "no array"}: name one as ${file}#${
            names[0] ?? "array"
          }.`,
        ],
      },
    );
  }
  return {
    mostBytes: Math.min(entry.uncompressedSize, entry.compressedSize * MOST_DEFLATED),
    bytes: unzipped(archive, entry, file),
  };
}

async function* unzipped(
  archive: yauzl.ZipFile,
  entry: yauzl.Entry,
  file: string,
): AsyncGenerator<Uint8Array> {
  let sum = 0;
  try {
    const stream = await attempt<Readable>(file, (done) => archive.openReadStream(entry, done));
    try {
      for await (const bytes of stream) {
        sum = crc32(bytes, sum);
        yield bytes;
      }
    } catch (error) {
      throw damaged(file, error);
    }
  } finally {
    archive.close();
  }
  if (sum !== entry.crc32) throw damaged(file, new Error(`the checksum of ${entry.fileName} is wrong`));
}

/** A call of the library, whose errors are those of the file. */
function attempt<Value>(
  file: string,
  call: (done: (error: Error | null, value?: Value) => void) => void,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    call((error, value) => error ? reject(damaged(file, error)) : resolve(value!));
  });
}

function damaged(file: string, error: unknown): FormatError {
  return new FormatError(file, 0, `it is damaged: ${error instanceof Error ? error.message : error}`);
}
