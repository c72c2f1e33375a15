import { join } from "node:path";
import { UserError } from "../../base/errors.ts";
import { copyVerified, WrongBytes } from "../verified_copy.ts";
import type { FolderSource } from "./folder.spec.ts";
import { type Delivered, type Delivery, namesOf, otherSources } from "./source.ts";

/**
 * Takes the files from a folder on this machine, each under its name or gzipped with `.gz` behind.
 * @throws {UserError} where a file is missing, cannot be read or has the wrong bytes.
 */
export async function fetchFolder(folder: string, delivery: Delivery): Delivered {
  const { files } = delivery.origin;
  for (const [i, file] of files.entries()) {
    delivery.progress({ fraction: i / files.length, text: `copying ${file.name}` });
    const places = namesOf(file).flatMap((name) => [join(folder, name), join(folder, `${name}.gz`)]);
    const path = await firstPresent(places);
    try {
      await copyVerified(path, delivery.output(file.name), file, delivery.signal);
    } catch (error) {
      const reason = problem(error, path);
      if (reason === undefined) throw error;
      // A user's own files can come from nowhere else.
      const others = otherSources("folder", delivery);
      throw new UserError(`Cannot take ${delivery.title} from the folder ${folder}: ${reason}`, {
        notes: others.length > 0
          ? [
            `It must hold ${files.map(({ name }) => name).join(", ")}, each as it is or gzipped (.gz).`,
            ...others,
          ]
          : ["It was otherwise when the run began. Run again: the files are taken as they are then."],
        cause: error,
      });
    }
  }
  return { type: "folder" };
}

/** The first path where something is; the first of all where nothing is. */
async function firstPresent(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const isAbsent = await Deno.stat(path).then(
      () => false,
      (error) => error instanceof Deno.errors.NotFound,
    );
    if (!isAbsent) return path;
  }
  return paths[0]!;
}

function problem(error: unknown, path: string): string | undefined {
  if (error instanceof Deno.errors.NotFound) return `${path} is not there`;
  if (error instanceof Deno.errors.PermissionDenied) return `${path} may not be read by this user`;
  if (error instanceof WrongBytes) return `${path} is not the file of this dataset: ${error.message}`;
  return undefined;
}

/** The contract of a source (`SourceModule`). */
export function deliver({ path }: FolderSource, delivery: Delivery): Delivered {
  return fetchFolder(path, delivery);
}
