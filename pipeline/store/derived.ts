import { entriesOf, readTextIfPresent } from "./disk.ts";
import { type ActionRecord, type KeyManifest, parseRecord } from "./record.ts";
import type { Store } from "./store.ts";

/** A record, and one of the blobs in question that its stage read. */
export interface Derived {
  readonly record: ActionRecord;
  /** `stage/path` of the input. */
  readonly input: string;
}

/**
 * Records of stages that read one of these blobs. Where a blob is damaged, such a record may say of the right
 * input what was computed from the wrong one. What was derived from *its* outputs stays true: the keys of later
 * stages hold the digests of what they read.
 */
export function derivedFrom(store: Store, digests: ReadonlySet<string>): Derived[] {
  const found: Derived[] = [];
  if (digests.size === 0) return found;
  for (const name of entriesOf(`${store.folder}/ac`)) {
    const key = name.replace(/\.json$/, "");
    const parsed = parseRecord(readTextIfPresent(`${store.folder}/ac/${name}`) ?? "", key);
    if ("problem" in parsed) continue;
    const manifest = store.getJson(key) as KeyManifest | undefined;
    const [input] = Object.entries(manifest?.inputs ?? {}).find(([, digest]) => digests.has(digest)) ?? [];
    if (input !== undefined) found.push({ record: parsed.record, input });
  }
  return found;
}
