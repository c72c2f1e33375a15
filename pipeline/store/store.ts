import { UserError } from "../base/errors.ts";
import { canonicalJson } from "../formats/canonical_json.ts";
import { FileDigests } from "./digests.ts";
import {
  entriesOf,
  listFiles,
  onDisk,
  readTextIfPresent,
  removeIfPresent,
  syncFolder,
  writeAtomically,
} from "./disk.ts";
import { History } from "./history.ts";
import { type Holder, isHeld, Lock } from "./lock.ts";
import { type ActionRecord, isDigest, isOutputName, parseRecord } from "./record.ts";
import { seal, sha256 } from "./sealed.ts";

/** What a look-up of a key found. */
export type Lookup =
  | { readonly record: ActionRecord; readonly problem?: undefined }
  | { readonly record?: undefined; readonly problem: string | undefined };

/** The folders of one execution; only the holder of the lock with the same name uses them. */
export interface Workplace {
  readonly folder: string;
  /** A file that the worker itself locks: it may outlive a killed runner by a moment. */
  readonly lock: string;
  /** Outputs so far. */
  readonly output: string;
  /** What outlives a killed execution: checkpoints. */
  readonly scratch: string;
  /** Where the job was handed to another machine: what it is to do. What is there when it is stays for whoever asks. */
  readonly handover: string;
  /** How far that machine is. */
  readonly status: string;
  /** How the execution on it ended. */
  readonly result: string;
}

const WORKPLACE = ["lock", "output", "scratch", "handover", "status", "result"] as const;

/**
 * Content-addressed files and the records of what made them.
 *
 *     cas/<sha256>      blobs, read-only; every key manifest and code manifest is one of them
 *     ac/<key>.json     action records: present only when all blobs they name are
 *     locks/<key>       exists while a process works on the key
 *     work/<key>/       its outputs so far, and the checkpoints that outlive it (`Workplace`)
 *     tmp/              files that are being written
 *     history/, logs/, digests.json, analyses.json, packages.json, types.json
 *
 * Whatever process is killed at whatever moment, a blob is absent or whole and a record is absent or true.
 */
export class Store implements Disposable {
  readonly folder: string;
  readonly digests: FileDigests;
  readonly history: History;
  readonly #lock: Lock | undefined;

  private constructor(folder: string, lock?: Lock) {
    this.folder = folder;
    this.#lock = lock;
    this.digests = new FileDigests(`${folder}/digests.json`);
    this.history = new History(`${folder}/history`);
  }

  /**
   * Opens the store, making it where there is none, and removes what dead processes left.
   * @param onWait called where `gc` or `doctor` is at work and this process waits for its end
   * @param signal ends the waiting; its reason is thrown
   */
  static open(folder: string, onWait: () => void = () => {}, signal?: AbortSignal): Promise<Store> {
    return onDisk(`Cannot use the store ${folder}`, async () => {
      makeFolders(folder);
      const alone = () => removeLeftovers(folder);
      return new Store(folder, await Lock.shared(`${folder}/lock`, alone, onWait, signal));
    });
  }

  /** Opens the store when no other process uses it, and keeps others waiting. @param signal as of `open` */
  static openAlone(folder: string, onWait: () => void = () => {}, signal?: AbortSignal): Promise<Store> {
    return onDisk(`Cannot use the store ${folder}`, async () => {
      makeFolders(folder);
      return new Store(folder, await Lock.alone(`${folder}/lock`, onWait, signal));
    });
  }

  /**
   * The store for a machine that a job was handed to: it reads blobs and works in the job's workplace, and nowhere
   * else. It holds no lock, since the process that handed the job over may be no more.
   */
  static visit(folder: string): Store {
    return new Store(folder);
  }

  [Symbol.dispose](): void {
    this.#lock?.[Symbol.dispose]();
  }

  /** Keeps what was learnt of files, for the next process. */
  saveMemo(): Promise<void> {
    return onDisk("Cannot keep the digests of files", () => this.digests.save(this.aside()));
  }

  /** A new path for a file that is about to be written. */
  aside(): string {
    return `${this.folder}/tmp/${crypto.randomUUID()}`;
  }

  blobPath(digest: string): string {
    return `${this.folder}/cas/${digest}`;
  }

  /** Whether the blob is there and its content is what its name says. */
  async holds(digest: string): Promise<boolean> {
    try {
      return await this.digests.digest(this.blobPath(digest)) === digest;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /** Reads a blob whatever is known of it: whether it is there and its content is what its name says. */
  async holdsStill(digest: string): Promise<boolean> {
    this.digests.forget(this.blobPath(digest));
    return await this.holds(digest);
  }

  /** Moves a file of the same file system in. */
  async putFile(path: string): Promise<{ digest: string; size: number }> {
    const digest = await this.digests.digest(path);
    const { size } = Deno.statSync(path);
    this.adopt(path, digest);
    this.digests.forget(path);
    return { digest, size };
  }

  /** Moves a file in whose digest is known already. */
  adopt(path: string, digest: string): void {
    {
      using file = Deno.openSync(path);
      file.syncSync();
    }
    Deno.chmodSync(path, 0o444);
    Deno.renameSync(path, this.blobPath(digest));
  }

  putJson(value: unknown): string {
    const text = canonicalJson(value);
    const digest = sha256(text);
    this.putText(text, digest);
    return digest;
  }

  /** @param digest of the text */
  putText(text: string, digest: string): void {
    const blob = this.blobPath(digest);
    if (readTextIfPresent(blob) === text) return;
    writeAtomically(blob, text, this.aside());
    Deno.chmodSync(blob, 0o444);
  }

  /** The value that `putJson` stored, or undefined where it is absent or damaged. */
  getJson(digest: unknown): unknown {
    if (!isDigest(digest)) return undefined;
    const text = readTextIfPresent(this.blobPath(digest));
    if (text === undefined || sha256(text) !== digest) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return undefined; // a blob that `putJson` did not store
    }
  }

  recordPath(key: string): string {
    return `${this.folder}/ac/${key}.json`;
  }

  /** The record of a key whose outputs are all here and whole; else what is wrong, if anything was here. */
  async lookup(key: string): Promise<Lookup> {
    const text = readTextIfPresent(this.recordPath(key));
    if (text === undefined) return { problem: undefined };
    const parsed = parseRecord(text, key);
    if ("problem" in parsed) return parsed;
    for (const [name, { digest }] of Object.entries(parsed.record.outputs)) {
      // Nearly all are known, and to wait for each would take a sweep longer than to look.
      if (this.digests.known(this.blobPath(digest)) === digest) continue;
      if (!await this.holds(digest)) return { problem: `${name} is missing or damaged in the store` };
    }
    return parsed;
  }

  /** Writes a record. All its blobs must have been put before. */
  putRecord(record: ActionRecord): void {
    syncFolder(`${this.folder}/cas`);
    writeAtomically(this.recordPath(record.key), seal(record), this.aside());
    syncFolder(`${this.folder}/ac`);
  }

  /** Notes that a record was of use, for `gc`. A day is fine enough, and a run that finds all cached writes nothing. */
  touch(key: string): void {
    const path = this.recordPath(key);
    const now = new Date();
    if (now.getTime() - Deno.statSync(path).mtime!.getTime() > 86_400_000) Deno.utimeSync(path, now, now);
  }

  /** Waits for the right to work on a key. @param onWait told who has it, where somebody has */
  lock(key: string, onWait: (holder: Holder | undefined) => void, signal: AbortSignal): Promise<Lock> {
    return Lock.exclusive(`${this.folder}/locks/${key}`, onWait, signal);
  }

  /** Where an execution works, whether it has begun or not. */
  workplace(id: string): Workplace {
    const folder = `${this.folder}/work/${id}`;
    const [lock, output, scratch, handover, status, result] = WORKPLACE.map((name) => `${folder}/${name}`);
    return { folder, lock, output, scratch, handover, status, result } as Workplace;
  }

  /** Whether another machine has the execution, or its result waits to be taken. */
  isHandedOver(id: string): boolean {
    return entriesOf(this.workplace(id).folder).includes("handover");
  }

  /** Makes a workplace: its output folder is empty, and its scratch folder is as an earlier execution left it. */
  openWorkplace(id: string): Workplace {
    const place = this.workplace(id);
    removeIfPresent(place.output);
    Deno.mkdirSync(place.output, { recursive: true });
    Deno.mkdirSync(place.scratch, { recursive: true });
    return place;
  }

  /** Moves all outputs of an execution in. */
  async collect(id: string): Promise<ActionRecord["outputs"]> {
    const outputs: Record<string, { digest: string; size: number }> = {};
    const { output } = this.workplace(id);
    for (const name of listFiles(output)) {
      if (!isOutputName(name)) {
        throw new UserError(
          `Cannot store the output ${JSON.stringify(name)}: other systems cannot write this name`,
          {
            notes: [
              "Use no backslashes, no control characters, at most 200 bytes a name and 1000 characters.",
            ],
          },
        );
      }
      outputs[name] = await this.putFile(`${output}/${name}`);
    }
    return outputs;
  }

  /** Removes what is left of an execution that failed, and keeps its checkpoints. Nobody works on it any more. */
  abandon(id: string): void {
    const { folder, output, scratch, handover, status, result } = this.workplace(id);
    for (const path of [output, handover, status, result]) removeIfPresent(path);
    if (entriesOf(scratch).length === 0) removeIfPresent(folder);
  }

  /** Forgets a workplace, checkpoints included. */
  clear(id: string): void {
    removeIfPresent(this.workplace(id).folder);
  }
}

function makeFolders(folder: string): void {
  for (const name of ["cas", "ac", "locks", "work", "tmp", "history", "logs"]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
}

/** What is left of processes that are no more: half-written files and outputs, and scratch folders left empty. */
export function leftovers(folder: string): string[] {
  const found: string[] = [];
  for (const name of ["tmp", "locks"]) {
    for (const entry of entriesOf(`${folder}/${name}`)) found.push(`${name}/${entry}`);
  }
  for (const key of entriesOf(`${folder}/work`)) {
    // A worker whose runner was killed may need a moment to notice.
    if (isHeld(`${folder}/work/${key}/lock`)) continue;
    // Another machine may be at work there, and its locks need not be seen here.
    if (entriesOf(`${folder}/work/${key}`).includes("handover")) continue;
    const hasCheckpoint = entriesOf(`${folder}/work/${key}/scratch`).length > 0;
    if (!hasCheckpoint) found.push(`work/${key}`);
    else if (entriesOf(`${folder}/work/${key}/output`).length > 0) found.push(`work/${key}/output`);
  }
  return found;
}

/** Removes what dead processes left behind: for the one process that holds the store alone. */
function removeLeftovers(folder: string): void {
  for (const name of leftovers(folder)) removeIfPresent(`${folder}/${name}`);
}
