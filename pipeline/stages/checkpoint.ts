import { createHash } from "node:crypto";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import { onDisk, readIfPresent } from "../store/disk.ts";

/** Arrays by name and, beside them, anything that JSON holds. */
export interface Checkpoint<Progress> {
  /** The key of the execution that it belongs to. */
  readonly key: string;
  readonly arrays: Readonly<Record<string, Float32Array>>;
  readonly progress: Progress;
}

/** Bytes of a SHA-256. */
const DIGEST_BYTES = 32;

/**
 * Writes a checkpoint: SHA-256 of the rest, then `.safetensors` bytes. It replaces the one before it in one step, so a
 * kill at any moment leaves a whole checkpoint.
 */
export function writeCheckpoint<Progress>(
  path: string,
  { key, arrays, progress }: Checkpoint<Progress>,
): Promise<void> {
  const body = encodeSafetensors(
    Object.fromEntries(Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }])),
    { key, progress: JSON.stringify(progress) },
  );
  return onDisk("Cannot write a checkpoint", () => {
    const aside = `${path}.partial`;
    {
      using file = Deno.openSync(aside, { write: true, create: true, truncate: true });
      for (const bytes of [digest(body), body]) {
        for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
      }
      file.syncSync();
    }
    Deno.renameSync(aside, path);
  });
}

/**
 * Reads a checkpoint; undefined where there is none, "damaged" where the file is not what was written, "foreign" where
 * another key wrote it.
 */
export function readCheckpoint<Progress>(
  path: string,
  key: string,
): Checkpoint<Progress> | "damaged" | "foreign" | undefined {
  const bytes = readIfPresent(path);
  if (!bytes) return undefined;
  const body = bytes.subarray(DIGEST_BYTES);
  if (digest(body).compare(bytes.subarray(0, DIGEST_BYTES)) !== 0) return "damaged";
  const { tensors, metadata } = decodeSafetensors(body, path);
  if (metadata.key !== key) return "foreign";
  return {
    key,
    arrays: Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data])),
    progress: JSON.parse(metadata.progress!),
  };
}

function digest(bytes: Uint8Array) {
  return createHash("sha256").update(bytes).digest();
}
