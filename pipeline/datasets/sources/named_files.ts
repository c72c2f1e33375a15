import { join } from "node:path";
import type { Contents, DataFile } from "../../artifacts/source_json.ts";
import { UserError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import { printable } from "../../base/printable.ts";
import { NAME_THE_FOLDER } from "./folder_files.ts";
import type { FileHasher } from "./source.ts";

/**
 * Files of a user's folder that a spec names, with the digests of what they hold now.
 *
 * @throws {UserError} where one is not there or cannot be read
 */
export async function listNamedFiles(
  folder: string,
  names: readonly string[],
  digests: FileHasher,
): Promise<Contents> {
  const files: DataFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    try {
      const sha256 = await digests.digest(path);
      files.push({ name, bytes: Deno.statSync(path).size, sha256 });
    } catch (error) {
      throw refusal(folder, name, error);
    }
  }
  return { files };
}

function refusal(folder: string, name: string, error: unknown): unknown {
  const refuse = (reason: string, ...notes: readonly string[]) =>
    new UserError(`Cannot take ${name} from the folder ${folder}: ${reason}`, { notes, exitStatus: 2 });
  if (error instanceof Deno.errors.PermissionDenied) return refuse("this user may not read it");
  if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) return error;
  let there: string[];
  try {
    there = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  } catch {
    return refuse("there is no such folder", NAME_THE_FOLDER);
  }
  const close = nearest(name, there);
  const shown = there.filter((name) => !name.startsWith(".")).sort().slice(0, 10).map(printable).join(", ");
  return refuse(
    "there is no such file",
    ...(close ? [`Did you mean ${close}?`] : []),
    shown === "" ? "The folder is empty." : `The folder has ${shown}${there.length > 10 ? ", ..." : ""}.`,
  );
}
