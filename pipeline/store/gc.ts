import { entriesOf, onDisk, readTextIfPresent, removeIfPresent } from "./disk.ts";
import { type ActionRecord, type KeyManifest, parseRecord } from "./record.ts";
import type { Store } from "./store.ts";

/** Hexadecimal digits of a key; a workplace's id may have more. */
const KEY_LENGTH = 64;
/** How long what was handed to another machine is kept for. No job waits and runs for longer. */
const HANDOVER_DAYS = 60;

/** What a retention policy lets go, and how much stays. */
export interface Garbage {
  readonly records: readonly ActionRecord[];
  /** Blobs that nothing needs when the records are gone. */
  readonly blobs: readonly string[];
  /** Checkpoints of interrupted stages. */
  readonly workplaces: readonly string[];
  readonly bytesFreed: number;
  readonly bytesKept: number;
}

/** What is to be kept. */
export interface RetentionPolicy {
  /** Keys whose records and checkpoints stay whatever happens. */
  readonly keys: ReadonlySet<string>;
  /** Other records stay, those used last first, until this many bytes are kept in all. */
  readonly budget: number;
}

interface Entry {
  readonly record: ActionRecord;
  readonly used: number;
}

/** Finds what a policy lets go. Changes nothing. Manifests stay while the history names them, for `why`. */
export function findGarbage(store: Store, { keys, budget }: RetentionPolicy): Garbage {
  const sizes = new Map<string, number>();
  for (const digest of entriesOf(`${store.folder}/cas`)) {
    sizes.set(digest, Deno.statSync(store.blobPath(digest)).size);
  }
  const entries: Entry[] = [];
  for (const name of entriesOf(`${store.folder}/ac`)) {
    const path = `${store.folder}/ac/${name}`;
    const parsed = parseRecord(readTextIfPresent(path) ?? "", name.replace(/\.json$/, ""));
    if ("record" in parsed) {
      entries.push({ record: parsed.record, used: Deno.statSync(path).mtime!.getTime() });
    }
  }
  const isWanted = ({ record }: Entry) => keys.has(record.key);
  entries.sort((a, b) => Number(isWanted(b)) - Number(isWanted(a)) || b.used - a.used);

  const kept = new Set<string>();
  let bytesKept = 0;
  const keep = (digest: string) => {
    if (kept.has(digest)) return;
    kept.add(digest);
    bytesKept += sizes.get(digest) ?? 0;
  };
  for (const experiment of store.history.experiments()) {
    for (const key of store.history.keys(experiment)) keepManifest(store, key, keep);
  }
  const records: ActionRecord[] = [];
  for (const entry of entries) {
    const outputs = new Set(Object.values(entry.record.outputs).map(({ digest }) => digest));
    let added = 0;
    for (const digest of outputs) if (!kept.has(digest)) added += sizes.get(digest) ?? 0;
    if (isWanted(entry) || bytesKept + added <= budget) {
      keepManifest(store, entry.record.key, keep);
      outputs.forEach(keep);
    } else records.push(entry.record);
  }

  const all = entriesOf(`${store.folder}/work`);
  // Another machine may be at work for a process that is no more: it reads its inputs, and its result is wanted.
  const handedOver = new Set(all.filter((id) => isHandedOverLately(store, id)));
  for (const id of handedOver) {
    const manifest = store.getJson(id.slice(0, KEY_LENGTH)) as KeyManifest | undefined;
    for (const digest of Object.values(manifest?.inputs ?? {})) keep(digest);
  }

  const blobs = [...sizes.keys()].filter((digest) => !kept.has(digest));
  const workplaces = all.filter((id) => !keys.has(id) && !handedOver.has(id));
  const bytesFreed = blobs.reduce((sum, digest) => sum + sizes.get(digest)!, 0) +
    workplaces.reduce((sum, key) => sum + folderSize(`${store.folder}/work/${key}`), 0);
  return { records, blobs, workplaces, bytesFreed, bytesKept };
}

/** Removes what was found. Records go before their blobs: a crash in between leaves no record without them. */
export function removeGarbage(store: Store, { records, blobs, workplaces }: Garbage): Promise<void> {
  return onDisk("Cannot free space in the store", () => {
    for (const { key } of records) removeIfPresent(store.recordPath(key));
    for (const digest of blobs) removeIfPresent(store.blobPath(digest));
    for (const key of workplaces) store.clear(key);
  });
}

function isHandedOverLately(store: Store, id: string): boolean {
  if (!store.isHandedOver(id)) return false;
  const { mtime } = Deno.statSync(store.workplace(id).handover);
  return Date.now() - (mtime?.getTime() ?? 0) < HANDOVER_DAYS * 86_400_000;
}

function keepManifest(store: Store, key: string, keep: (digest: string) => void): void {
  const manifest = store.getJson(key) as KeyManifest | undefined;
  if (!manifest) return;
  keep(key);
  keep(manifest.code);
}

/** Links count as nothing: a checkpoint may hold what a package manager installed. */
function folderSize(folder: string): number {
  let size = 0;
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    if (isDirectory) size += folderSize(`${folder}/${name}`);
    else if (isFile) size += Deno.statSync(`${folder}/${name}`).size;
  }
  return size;
}
