import { isPresent, listFiles, onDisk, removeIfPresent } from "../../store/disk.ts";
import type { ActionRecord } from "../../store/record.ts";
import type { Store } from "../../store/store.ts";

/**
 * Makes `folder` hold the outputs of a stage. Where it does already, nothing is touched; else a new folder
 * takes the place of the old one, so that nobody sees half a report. What the store never made, a reader's
 * notes, is carried over. The files are copies: whoever edits them does not touch the store.
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
    const aside = `${parent}/.${name}`;
    if (!isPresent(aside) && (await inspect(store, outputs, folder)).done) return;
    using _lock = await store.lock(`report-${name}`, () => {}, signal);
    removeIfPresent(aside); // left by a process that was killed here
    const { done, foreign } = await inspect(store, outputs, folder);
    if (done) return; // by another process, meanwhile
    try {
      for (const [path, { digest }] of Object.entries(outputs)) {
        const target = await copy(store.blobPath(digest), `${aside}/new/${path}`);
        await Deno.chmod(target, 0o644);
      }
      for (const path of foreign) await copy(`${folder}/${path}`, `${aside}/new/${path}`);
      moveIfPresent(folder, `${aside}/old`);
      Deno.renameSync(`${aside}/new`, folder);
    } finally {
      removeIfPresent(aside);
    }
  });
}

async function copy(from: string, to: string): Promise<string> {
  Deno.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true });
  await Deno.copyFile(from, to);
  return to;
}

/** Whether a folder holds just these outputs, and which of its other files are none of the store's. */
async function inspect(
  store: Store,
  outputs: ActionRecord["outputs"],
  folder: string,
): Promise<{ done: boolean; foreign: string[] }> {
  let names: string[];
  try {
    names = listFiles(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return { done: false, foreign: [] };
    throw error;
  }
  const foreign: string[] = [];
  let stale = 0;
  let current = 0;
  for (const name of names) {
    const path = `${folder}/${name}`;
    const digest = store.digests.known(path) ?? await store.digests.readAgain(path);
    if (Object.hasOwn(outputs, name)) current += Number(outputs[name]!.digest === digest);
    else if (await store.holds(digest)) stale++;
    else foreign.push(name);
  }
  return { done: stale === 0 && current === Object.keys(outputs).length, foreign };
}

function moveIfPresent(from: string, to: string): void {
  try {
    Deno.renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
