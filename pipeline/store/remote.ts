import { createHash } from "node:crypto";
import { statfsSync } from "node:fs";
import { Slots } from "../base/slots.ts";
import { entriesOf, removeIfPresent } from "./disk.ts";
import { type Expectation, misfit, misread } from "./expectation.ts";
import { type ActionRecord, parseRecord } from "./record.ts";
import { seal } from "./sealed.ts";
import { type Signatures, signed, splitSigned } from "./signature.ts";
import type { Lookup, Store } from "./store.ts";
import { RemoteProblem, type RemoteServer, Transfer } from "./transfer.ts";

/** Where a remote cache is, and how it is used. */
export interface RemoteOptions extends RemoteServer {
  /** Whether results are only taken, never sent. */
  readonly readOnly: boolean;
  /** Whose results are believed; of all who may write to the server where it is left out. */
  readonly signatures?: Signatures | undefined;
}

/** Results that could not be sent. */
export interface Unsent {
  readonly stage: string;
  readonly key: string;
  readonly problem: string;
}

const CONNECTIONS = 4;
const MOST_RECORD_BYTES = 16_000_000;
/** Fetching may take this long even where the stage itself took less. */
const LEAST_BUDGET_SECONDS = 10;
/** How long the end of a run waits for uploads. What is not sent by then is sent by the next run. */
const UPLOAD_WAIT_MS = 30_000;

/**
 * Results on an HTTP server, in the layout of Bazel's remote cache: `/cas/<sha256>` holds blobs, `/ac/<key>` the
 * sealed action record of a key. A record must be valid and all its blobs must have their digests before it is
 * visible in the store; that it is the right record for its key is for those to warrant whose signature it bears, or
 * who may write to the server.
 * Whatever fails is a miss with its reason.
 */
export class RemoteCache {
  readonly #options: RemoteOptions;
  readonly #reading = new Breaker();
  readonly #writing = new Breaker();
  readonly #downloads = new Slots(CONNECTIONS);
  readonly #uploads = new Slots(CONNECTIONS);
  readonly #offers = new Map<string, Promise<Unsent | undefined>>();
  readonly #end = new AbortController();
  /** Blobs that the server has wrong: they are sent again whatever it says of them. */
  readonly #damaged = new Set<string>();

  constructor(options: RemoteOptions) {
    this.#options = options;
  }

  /** The server, for what else it may carry. */
  get server(): RemoteServer {
    return this.#options;
  }

  /** What the server says of a key, without its blobs. @throws the reason of `signal` */
  peek(key: string, expected: Expectation, signal: AbortSignal): Promise<Lookup> {
    return this.#read(signal, async (transfer) => {
      const record = await getRecord(transfer, key, expected, this.#options.signatures);
      return record ? { record } : { problem: undefined };
    });
  }

  /**
   * Brings a result from the server into the store. The caller holds the key's lock. Its record becomes visible when
   * it fits what is expected and all its blobs are there, and each was read as what it is declared to be.
   * @param onBytes told how many bytes of how many have come
   * @throws the reason of `signal`
   */
  fetch(
    key: string,
    expected: Expectation,
    store: Store,
    signal: AbortSignal,
    onBytes: (done: number, all: number) => void = () => {},
  ): Promise<Lookup> {
    return this.#read(signal, async (transfer, stop) => {
      const record = await getRecord(transfer, key, expected, this.#options.signatures);
      if (!record) return { problem: undefined };
      // What takes longer to fetch than to make is not worth fetching.
      const seconds = Math.max(record.seconds, LEAST_BUDGET_SECONDS);
      using _budget = after(
        seconds * 1000,
        () =>
          stop(
            new RemoteProblem(
              `fetching took longer than the ${Math.round(seconds)} s that it may`,
              "failure",
            ),
          ),
      );
      const missing = new Map<string, { name: string; size: number }>();
      for (const [name, { digest, size }] of Object.entries(record.outputs)) {
        if (!missing.has(digest) && !await store.holds(digest)) missing.set(digest, { name, size });
      }
      const all = missing.values().reduce((sum, { size }) => sum + size, 0);
      const free = freeBytes(store.folder);
      if (all > free) {
        throw new RemoteProblem(`its result needs ${all} bytes, and the disk has ${free} free`, "data");
      }
      let done = 0;
      await allOrFirstFailure(
        missing,
        stop,
        ([digest, { name, size }]) =>
          this.#downloads.use(() =>
            this.#getBlob(transfer, store, digest, name, size, (bytes) => onBytes(done += bytes, all))
          ),
      );
      const wrong = await misread(record, expected, (digest) => Deno.readFile(store.blobPath(digest)));
      if (wrong !== undefined) throw new RemoteProblem(`its record ${wrong}`, "data");
      store.putRecord(record);
      return { record };
    });
  }

  /** Starts to send a result, which the store has, in the background. */
  offer(record: ActionRecord, store: Store): void {
    const { key, stage } = record;
    if (this.#options.readOnly || this.#offers.has(key)) return;
    const mark = `${unsentFolder(store)}/${key}`;
    Deno.mkdirSync(unsentFolder(store), { recursive: true });
    Deno.writeTextFileSync(mark, "");
    const sending = this.#send(record, store).then(() => {
      removeIfPresent(mark);
      return undefined;
    }, (error) => {
      if (!(error instanceof RemoteProblem)) throw error;
      return { stage, key, problem: error.message };
    });
    sending.catch(() => {}); // `finish` throws it
    this.#offers.set(key, sending);
  }

  /** Starts to send what earlier runs could not. */
  async resume(store: Store): Promise<void> {
    if (this.#options.readOnly) return;
    for (const key of entriesOf(unsentFolder(store))) {
      const { record } = await store.lookup(key);
      if (record) this.offer(record, store);
      else removeIfPresent(`${unsentFolder(store)}/${key}`);
    }
  }

  /** Whether something is still being sent. */
  async isBusy(): Promise<boolean> {
    const pending = Symbol();
    const first = await Promise.race([Promise.all(this.#offers.values()), pending]);
    return first === pending;
  }

  /** Waits for the uploads, but not for ever. @returns what was not sent, and stays marked for the next run */
  async finish(signal: AbortSignal, waitMs = UPLOAD_WAIT_MS): Promise<Unsent[]> {
    const stop = (problem: string) => this.#end.abort(new RemoteProblem(problem, "data"));
    const interrupt = () => stop("the run was interrupted");
    using _limit = after(waitMs, () => stop(`it had not taken all ${waitMs / 1000} s after the run`));
    signal.addEventListener("abort", interrupt, { once: true });
    if (signal.aborted) interrupt();
    try {
      const outcomes = await Promise.all(this.#offers.values());
      return outcomes.filter((outcome) => outcome !== undefined);
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
  }

  async #read(
    signal: AbortSignal,
    work: (transfer: Transfer, stop: (problem: unknown) => void) => Promise<Lookup>,
  ): Promise<Lookup> {
    const control = new AbortController();
    using transfer = new Transfer(this.#options, CONNECTIONS, AbortSignal.any([signal, control.signal]));
    try {
      return await this.#reading.use(() => work(transfer, (problem) => control.abort(problem)));
    } catch (error) {
      if (!(error instanceof RemoteProblem)) throw error;
      return { problem: error.message };
    }
  }

  async #getBlob(
    transfer: Transfer,
    store: Store,
    digest: string,
    name: string,
    size: number,
    onBytes: (bytes: number) => void,
  ): Promise<void> {
    const aside = store.aside();
    try {
      const hash = createHash("sha256");
      {
        using file = Deno.openSync(aside, { createNew: true, write: true });
        const isThere = await transfer.get(`cas/${digest}`, size, (piece) => {
          hash.update(piece);
          for (let written = 0; written < piece.length;) written += file.writeSync(piece.subarray(written));
          onBytes(piece.length);
        });
        if (!isThere) throw new RemoteProblem(`it has no ${name}, which its record names`, "data");
      }
      if (hash.digest("hex") !== digest) {
        this.#damaged.add(digest);
        throw new RemoteProblem(`it sent wrong bytes for ${name}`, "data");
      }
      store.adopt(aside, digest);
    } catch (error) {
      // A disk that is full is not the server's fault, and a miss all the same: the stage may need less.
      const code = (error as { code?: unknown } | null)?.code;
      if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
      throw new RemoteProblem(`the disk was full before ${name} was here`, "data");
    } finally {
      removeIfPresent(aside);
    }
  }

  async #send(record: ActionRecord, store: Store): Promise<void> {
    const control = new AbortController();
    const signal = AbortSignal.any([this.#end.signal, control.signal]);
    using transfer = new Transfer(this.#options, CONNECTIONS, signal);
    await this.#writing.use(async () => {
      const blobs = new Map(Object.values(record.outputs).map(({ digest, size }) => [digest, size]));
      const stop = (problem: unknown) => control.abort(problem);
      await allOrFirstFailure(blobs, stop, ([digest, size]) =>
        this.#uploads.use(async () => {
          const path = `cas/${digest}`;
          if (!this.#damaged.has(digest) && await transfer.size(path) === size) return;
          await transfer.put(path, { file: store.blobPath(digest), size });
        }));
      // Last: nobody must see it before its blobs.
      await transfer.put(
        `ac/${record.key}`,
        signed(seal(record), this.#options.signatures ?? { sign: undefined }),
      );
    });
  }
}

function unsentFolder(store: Store): string {
  return `${store.folder}/unsent`;
}

async function getRecord(
  transfer: Transfer,
  key: string,
  expected: Expectation,
  signatures: Signatures | undefined,
): Promise<ActionRecord | undefined> {
  const pieces: Uint8Array[] = [];
  const isThere = await transfer.get(`ac/${key}`, MOST_RECORD_BYTES, (piece) => pieces.push(piece));
  if (!isThere) return undefined;
  const parts = splitSigned(await new Blob(pieces as BlobPart[]).text());
  if (!parts) throw new RemoteProblem("its record is damaged", "data");
  const { text, signature } = parts;
  if (signatures && (signature === undefined || !signatures.verifies(text, signature))) {
    const what = signature === undefined ? "not signed" : "signed by no key that is trusted";
    throw new RemoteProblem(`its record is ${what}`, "data");
  }
  const parsed = parseRecord(text, key);
  if ("problem" in parsed) throw new RemoteProblem(parsed.problem, "data");
  const wrong = misfit(parsed.record, expected);
  if (wrong !== undefined) throw new RemoteProblem(`its record ${wrong}`, "data");
  if (!isCanonical(parsed.record, text)) {
    throw new RemoteProblem("its record is not written as records are", "data");
  }
  return parsed.record;
}

/**
 * Whether a record's text is the one that it would be written as; false also for what cannot be sealed again, which are
 * values nested too deep and strings that are no Unicode.
 */
function isCanonical(record: ActionRecord, text: string): boolean {
  try {
    return seal(record) === text;
  } catch {
    return false;
  }
}

/**
 * The first failure stops all. Waits until nothing runs any more also then: no file may appear after the caller
 * went on.
 */
async function allOrFirstFailure<T>(
  items: Iterable<T>,
  stop: (error: unknown) => void,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failure: { error: unknown } | undefined;
  await Promise.all(Array.from(items, async (item) => {
    try {
      await work(item);
    } catch (error) {
      failure ??= { error };
      stop(error);
    }
  }));
  if (failure) throw failure.error;
}

/** Calls `act` after a time, unless its block ends before. */
function after(milliseconds: number, act: () => void): Disposable {
  const timer = setTimeout(act, milliseconds);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

const MOST_FAILURES = 3;
const REST_MS = 60_000;

/** Leaves a server that fails alone for a while, so that it costs a run seconds and not minutes. */
class Breaker {
  #failures = 0;
  #restUntil = -Infinity;
  #last = "";

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#restUntil) {
      throw new RemoteProblem(`it is left alone for a minute, because ${this.#last}`, "data");
    }
    try {
      const result = await work();
      this.#failures = 0;
      return result;
    } catch (error) {
      if (error instanceof RemoteProblem && error.severity !== "data") {
        this.#failures++;
        this.#last = error.message;
        if (error.severity === "lasting" || this.#failures >= MOST_FAILURES) {
          this.#failures = 0;
          this.#restUntil = performance.now() + REST_MS;
        }
      }
      throw error;
    }
  }
}

/** How much may be written to the file system of a folder. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
