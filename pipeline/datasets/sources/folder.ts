import { copyVerified } from "../verified_copy.ts";
import { folderError, placeInFolder, problemOf } from "./folder_files.ts";
import type { FolderSource } from "./folder.spec.ts";
import type { Delivered, Delivery } from "./source.ts";

/**
 * Takes the files from a folder on this machine, each under its name or gzipped with `.gz` behind.
 * @throws {UserError} where a file is missing, cannot be read or has the wrong bytes.
 */
export async function fetchFolder(folder: string, delivery: Delivery): Delivered {
  const { files } = delivery.origin;
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

/** The contract of a source (`SourceModule`). */
export function deliver({ path }: FolderSource, delivery: Delivery): Delivered {
  return fetchFolder(path, delivery);
}
