import { join } from "node:path";
import { ROOT } from "../graph/toy_project.ts";
import { type TemporaryFolder, temporaryFolder } from "../store/temporary.ts";

const COPIED = ["pipeline", "experiments", "deno.json", "deno.lock"];

/**
 * The project with nothing run yet: what a command writes, and what a test changes, is in the copy alone.
 *
 * @param below its folder in the temporary one
 */
export async function projectCopy(below = "."): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const place = join(folder.path, below);
  await Deno.mkdir(place, { recursive: true });
  for (const name of COPIED) await copy(join(ROOT, name), join(place, name));
  await Deno.symlink(join(ROOT, "node_modules"), join(place, "node_modules"));
  return folder;
}

async function copy(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}
