import { createHash } from "node:crypto";
import { join } from "node:path";
import { count } from "../../base/words.ts";
import { copyVerified, writeAll, WrongBytes } from "../verified_copy.ts";
import { folderError, placeInFolder, problemOf } from "./folder_files.ts";
import type { FolderSource } from "./folder.spec.ts";
import type { Delivered, Delivery } from "./source.ts";

/**
 * Takes the files from a folder on this machine, each under its name or gzipped with `.gz` behind.
 * @throws {UserError} where a file is missing, cannot be read or has the wrong bytes.
 */
export async function fetchFolder(folder: string, delivery: Delivery): Delivered {
  const { files, pack } = delivery.origin;
  if (pack !== undefined) return await packFiles(folder, pack, delivery);
  for (const [i, file] of files.entries()) {
    delivery.progress({ fraction: i / files.length, text: `copying ${file.name}` });
    const path = await placeInFolder(folder, file);
    try {
      await copyVerified(path, delivery.output(file.name), file, delivery.signal);
    } catch (error) {
      throw folderError(folder, problemOf(error, path), delivery);
    }
  }
  return { type: "folder" };
}

/** Puts the files one after another into one. @throws {UserError} where a file is not what it was */
async function packFiles(folder: string, pack: string, delivery: Delivery): Delivered {
  const { files } = delivery.origin;
  using target = await Deno.open(delivery.output(pack), { write: true, create: true, truncate: true });
  for (const [i, { name, bytes, sha256 }] of files.entries()) {
    delivery.signal.throwIfAborted();
    delivery.progress({
      fraction: i / files.length,
      text: `packing ${count(i)} of ${count(files.length)} files`,
    });
    const path = join(folder, name);
    try {
      const content = await Deno.readFile(path);
      const digest = createHash("sha256").update(content).digest("hex");
      if (content.length !== bytes || digest !== sha256) throw new WrongBytes("it has changed");
      await writeAll(target, content);
    } catch (error) {
      throw folderError(folder, problemOf(error, path), delivery);
    }
  }
  return { type: "folder" };
}

/** The contract of a source (`SourceModule`). */
export function deliver({ path }: FolderSource, delivery: Delivery): Delivered {
  return fetchFolder(path, delivery);
}
