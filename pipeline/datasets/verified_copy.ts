import { createHash } from "node:crypto";
import type { DataFile } from "../artifacts/source_json.ts";

/** The bytes at a place are not the file that was asked for. The source decides what to do about it. */
export class WrongBytes extends Error {
  override readonly name = "WrongBytes";
}

/**
 * Copies a file and holds it to its size and digest. A gzipped one is unpacked, where it is not of the size that is
 * asked for. Nothing is left at `to` where this throws, and no more than the file's size is ever written.
 * @throws {WrongBytes} where the size or the digest is another
 */
export async function copyVerified(
  from: string,
  to: string,
  file: DataFile,
  signal: AbortSignal,
): Promise<void> {
  const { isFile, size } = await Deno.stat(from);
  if (!isFile) throw new WrongBytes("it is not a regular file");
  const source = await Deno.open(from);
  const packed = size !== file.bytes && await startsAsGzip(from);
  const bytes = packed ? source.readable.pipeThrough(new DecompressionStream("gzip")) : source.readable;
  const reader = bytes.getReader();
  const hash = createHash("sha256");
  let length = 0;
  try {
    using target = await Deno.open(to, { write: true, create: true, truncate: true });
    while (true) {
      signal.throwIfAborted();
      const { done, value } = await reader.read().catch((error: unknown) => {
        if (error instanceof TypeError) throw new WrongBytes(`it cannot be unpacked: ${error.message}`);
        throw error;
      });
      if (done) break;
      length += value.length;
      if (length > file.bytes) throw new WrongBytes(`it has more than ${file.bytes} bytes`);
      hash.update(value);
      await writeAll(target, value);
    }
    if (length < file.bytes) {
      throw new WrongBytes(`it has ${length} bytes, not ${file.bytes}: it was cut off`);
    }
    const digest = hash.digest("hex");
    if (digest !== file.sha256) throw new WrongBytes(`its SHA-256 is ${digest}, not ${file.sha256}`);
  } catch (error) {
    await reader.cancel().catch(() => {});
    await Deno.remove(to).catch(() => {});
    throw error;
  }
}

/** Whether a file begins as gzip does (RFC 1952). */
export async function startsAsGzip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const magic = new Uint8Array(2);
  return await file.read(magic) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

/** Writes all the bytes, in as many writes as the system takes. */
export async function writeAll(target: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await target.write(bytes.subarray(written));
}
