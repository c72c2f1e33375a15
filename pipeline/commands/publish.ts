import type { ActionRecord } from "../graph/stage.ts";
import { listFiles, onDisk, removeIfPresent } from "../store/disk.ts";
import type { Store } from "../store/store.ts";

/**
 * Makes `folder` hold the outputs of a stage and nothing else. Where it does already, nothing is touched;
 * else a new folder takes the place of the old one, so that nobody sees half a report. The files are copies:
 * whoever edits them does not touch the store.
 */
export function publish(
  store: Store,
  { outputs }: ActionRecord,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  return onDisk(`Cannot write the report ${folder}`, async () => {
    const parent = folder.slice(0, folder.lastIndexOf("/"));
    const name = folder.slice(folder.lastIndexOf("/") + 1);
    using _lock = await store.lock(`report-${name}`, () => {}, signal);
    const aside = `${parent}/.${name}`;
    removeIfPresent(aside); // left by a process that was killed here
    if (await isPublished(store, outputs, folder)) return;
    try {
      for (const [path, { digest }] of Object.entries(outputs)) {
        const target = `${aside}/new/${path}`;
        Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
        await Deno.copyFile(store.blobPath(digest), target);
        await Deno.chmod(target, 0o644);
      }
      moveIfPresent(folder, `${aside}/old`);
      Deno.renameSync(`${aside}/new`, folder);
    } finally {
      removeIfPresent(aside);
    }
  });
}

async function isPublished(store: Store, outputs: ActionRecord["outputs"], folder: string): Promise<boolean> {
  let names: string[];
  try {
    names = listFiles(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  if (names.join("\n") !== Object.keys(outputs).sort().join("\n")) return false;
  for (const name of names) {
    if (await store.digests.digest(`${folder}/${name}`) !== outputs[name]!.digest) return false;
  }
  return true;
}

function moveIfPresent(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
