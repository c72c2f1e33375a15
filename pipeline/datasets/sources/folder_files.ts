import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { startsAsGzip, WrongBytes } from "../verified_copy.ts";
import type { DataFile } from "../../artifacts/source_json.ts";
import { type FileHasher, namesOf, otherSources, type WantedDataset } from "./source.ts";

/** What to do where there is no such folder. */
export const NAME_THE_FOLDER =
  "dataset.source.path names the folder, relative to the spec; --set dataset.source.path=FOLDER, relative to where you are.";

/**
 * Where a folder has a file: under its name, with or without the folder of its class, or gzipped with `.gz` behind.
 * The first of these places where it has none.
 */
export async function placeInFolder(folder: string, file: DataFile): Promise<string> {
  const places = namesOf(file).flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)]);
  for (const path of places) {
    const isAbsent = await Deno.stat(path).then(
      () => false,
      (error) => error instanceof Deno.errors.NotFound,
    );
    if (!isAbsent) return path;
  }
  return places[0]!;
}

/** What a user can mend about a file that cannot be taken, in words; anything else is thrown again. */
export function problemOf(error: unknown, path: string): string {
  if (error instanceof Deno.errors.NotFound) return `${path} is not there`;
  if (error instanceof Deno.errors.PermissionDenied) return `${path} may not be read by this user`;
  if (error instanceof WrongBytes) return `${path} is not the file of this dataset: ${error.message}`;
  throw error;
}

/** The error for a folder that a dataset cannot be taken from. */
export function folderError(
  folder: string,
  problem: string,
  dataset: WantedDataset,
  next?: string,
): UserError {
  // A user's own files can come from nowhere else.
  const others = otherSources("folder", dataset.origin);
  const names = dataset.origin.files.map(({ name }) => name).join(", ");
  return new UserError(`Cannot take ${dataset.title} from the folder ${folder}: ${problem}`, {
    notes: next !== undefined
      ? [next]
      : others.length > 0
      ? [`It must hold ${names}, each as it is or gzipped (.gz).`, ...others]
      : ["It was otherwise when the run began. Run again: the files are taken as they are then."],
    exitStatus: 2,
  });
}

/** Why a dataset cannot be taken from a folder as it is now; undefined where it can. */
export async function folderProblem(
  folder: string,
  dataset: WantedDataset,
  digests: FileHasher,
): Promise<UserError | undefined> {
  const isFolder = await Deno.stat(folder).then(({ isDirectory }) => isDirectory, () => undefined);
  if (isFolder === undefined) return folderError(folder, "there is no such folder", dataset, NAME_THE_FOLDER);
  if (!isFolder) return folderError(folder, "it is not a folder", dataset);
  // What is packed was listed from this folder a moment ago.
  if (dataset.origin.pack !== undefined) return undefined;
  for (const file of dataset.origin.files) {
    const path = await placeInFolder(folder, file);
    try {
      const problem = await wrongBytes(path, file, digests);
      if (problem !== undefined) throw new WrongBytes(problem);
    } catch (error) {
      return folderError(folder, problemOf(error, path), dataset);
    }
  }
  return undefined;
}

/** Says why the bytes at a place are not those of a file, packed or not; undefined where they are. */
async function wrongBytes(path: string, file: DataFile, digests: FileHasher): Promise<string | undefined> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile) return "it is not a regular file";
  const isPacked = size !== file.bytes && await startsAsGzip(path);
  if (!isPacked && size !== file.bytes) return `it has ${size} bytes, not ${file.bytes}`;
  try {
    const digest = await (isPacked ? digests.unpackedDigest(path, file.bytes) : digests.digest(path));
    return digest === file.sha256 ? undefined : `its SHA-256 is ${digest}, not ${file.sha256}`;
  } catch (error) {
    if (error instanceof TypeError) return `it cannot be unpacked: ${error.message}`;
    throw error;
  }
}
