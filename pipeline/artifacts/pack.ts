import { createHash } from "node:crypto";
import type { DataFile } from "./source_json.ts";

/**
 * A pack: the files of a dataset one after another in one file, in the order in which `source.json` lists them. Thousands
 * of pictures are so one output of the download, and not thousands.
 */

/** Reads single files out of a pack. */
export class PackReader {
  readonly #file: Deno.FsFile;
  readonly #places = new Map<string, { readonly offset: number; readonly bytes: number }>();

  /** @param files in their order */
  constructor(path: string, files: readonly DataFile[]) {
    this.#file = Deno.openSync(path);
    let offset = 0;
    for (const { name, bytes } of files) {
      this.#places.set(name, { offset, bytes });
      offset += bytes;
    }
  }

  /** @throws {Error} where there is no such file, or the pack is shorter than its files */
  read(name: string): Uint8Array<ArrayBuffer> {
    const place = this.#places.get(name);
    if (!place) throw new Error(`Cannot read ${name}: it is not in the pack`);
    const bytes = new Uint8Array(place.bytes);
    this.#file.seekSync(place.offset, Deno.SeekMode.Start);
    for (let read = 0; read < bytes.length;) {
      const some = this.#file.readSync(bytes.subarray(read));
      if (some === null) throw new Error(`Cannot read ${name}: the pack is cut off`);
      read += some;
    }
    return bytes;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** Holds a pack to its files. @throws {Error} where it is not made of them */
export function checkPack(bytes: Uint8Array, files: readonly DataFile[]): void {
  let offset = 0;
  for (const { name, bytes: size, sha256 } of files) {
    const digest = createHash("sha256").update(bytes.subarray(offset, offset + size)).digest("hex");
    if (digest !== sha256) throw new Error(`${name} is not what it was`);
    offset += size;
  }
  if (offset !== bytes.length) throw new Error(`it has ${bytes.length} bytes, not ${offset}`);
}
