import { derivedFrom } from "./derived.ts";
import { entriesOf, isPresent, onDisk, readTextIfPresent, removeIfPresent, writeAtomically } from "./disk.ts";
import { isDigest, parseRecord } from "./record.ts";
import { unseal } from "./sealed.ts";
import { leftovers, type Store } from "./store.ts";

/** One thing that is wrong in a store. Its cure removes what is damaged: the next run makes it anew. */
export interface Finding {
  /** Path inside the store. */
  readonly path: string;
  readonly problem: string;
  readonly heal: () => void;
}

/**
 * Reads every byte of a store that no other process uses, and finds what is damaged or left over.
 * @param onProgress told how many blobs of how many are read
 */
export async function examine(
  store: Store,
  onProgress: (done: number, all: number) => void,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = leftovers(store.folder).map((path) => ({
    path,
    problem: "left by a process that is no more",
    heal: () => removeIfPresent(`${store.folder}/${path}`),
  }));
  const remove = (path: string, problem: string) =>
    findings.push({ path, problem, heal: () => removeIfPresent(`${store.folder}/${path}`) });

  const whole = new Set<string>();
  const damaged = new Set<string>();
  const blobs = entriesOf(`${store.folder}/cas`);
  for (const [i, name] of blobs.entries()) {
    signal.throwIfAborted();
    onProgress(i, blobs.length);
    const path = `cas/${name}`;
    if (!isDigest(name) || !isFile(store, path)) remove(path, "does not belong here");
    else if (await store.holdsStill(name)) whole.add(name);
    else {
      damaged.add(name);
      remove(path, "its content is not what its name says");
    }
  }
  const derived = new Map(derivedFrom(store, damaged).map(({ record, input }) => [record.key, input]));

  for (const name of entriesOf(`${store.folder}/ac`)) {
    const path = `ac/${name}`;
    if (!isFile(store, path)) {
      remove(path, "does not belong here");
      continue;
    }
    const parsed = parseRecord(
      readTextIfPresent(`${store.folder}/${path}`) ?? "",
      name.replace(/\.json$/, ""),
    );
    if ("problem" in parsed) {
      remove(path, parsed.problem);
      continue;
    }
    const { record } = parsed;
    const missing = Object.entries(record.outputs).find(([, { digest }]) => !whole.has(digest));
    const input = derived.get(record.key);
    if (missing) remove(path, `${record.stage}/${missing[0]}, which it names, is missing or damaged`);
    else if (input !== undefined) remove(path, `${record.stage} may have read ${input} when it was damaged`);
  }

  for (const name of ["digests.json", "analyses.json", "packages.json", "types.json"]) {
    if (isPresent(`${store.folder}/${name}`) && !isFile(store, name)) {
      remove(name, "does not belong here");
      continue;
    }
    const text = readTextIfPresent(`${store.folder}/${name}`);
    if (text !== undefined && unseal(text) === undefined) remove(name, "the file is damaged");
  }
  for (const name of entriesOf(`${store.folder}/history`)) {
    const path = `${store.folder}/history/${name}`;
    if (!isFile(store, `history/${name}`)) {
      remove(`history/${name}`, "does not belong here");
      continue;
    }
    const lines = readTextIfPresent(path)!.split(/(?<=\n)/).filter((line) => line.trim() !== "");
    const good = lines.filter((line) => unseal(line) !== undefined);
    if (good.length === lines.length) continue;
    findings.push({
      path: `history/${name}`,
      problem: `${lines.length - good.length} of ${lines.length} lines are damaged`,
      heal: () => writeAtomically(path, good.map((line) => `\n${line}`).join(""), store.aside()),
    });
  }
  return findings;
}

/** Whether there is a file, and no folder, link or pipe: to read one might take for ever. */
function isFile(store: Store, path: string): boolean {
  return Deno.lstatSync(`${store.folder}/${path}`).isFile;
}

/** Applies the cures of all findings. */
export function heal(findings: readonly Finding[]): Promise<void> {
  return onDisk("Cannot heal the store", () => {
    // Records first: none may stand a moment longer than its blobs.
    for (const finding of findings.toSorted((a, b) => a.path.localeCompare(b.path))) finding.heal();
  });
}
