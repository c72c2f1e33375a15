import { Buffer } from "node:buffer";
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { Slots } from "../../../base/slots.ts";
import { isPresent, listFiles, readTextIfPresent, writeAtomically } from "../../../store/disk.ts";
import { sha256 } from "../../../store/sealed.ts";
import type { Store } from "../../../store/store.ts";
import { RemoteProblem, type RemoteServer, Transfer } from "../../../store/transfer.ts";
import { areFiles, Mailbox, resultIn } from "./handover.ts";

/**
 * Carries jobs between a runner and nodes that share no file system, by the server of a remote cache: files as blobs
 * of `cas/`, and under `ac/` letters whose names nobody else can guess. Either side works on a store of its own, and
 * what would be read from a shared one is brought there first. A letter bears a code that only those can make who know
 * the secret of the batch, which travels in Slurm's script and nowhere else: who may write to the server can lose a
 * job, and not forge one.
 */
export class Courier {
  readonly #store: Store;
  readonly #server: RemoteServer;
  readonly #slots = new Slots(CONNECTIONS);

  constructor(store: Store, server: RemoteServer) {
    this.#store = store;
    this.#server = server;
  }

  /** A new secret, for one batch. */
  static secret(): string {
    return randomBytes(32).toString("base64url");
  }

  /** Sends what a job is to do, with its inputs. @throws {RemoteProblem} */
  async sendJob(id: string, secret: string): Promise<void> {
    const { job } = new Mailbox(this.#store, id).handover!;
    await this.#transfer(async (transfer) => {
      for (const digest of new Set(Object.values(job.manifest.inputs))) {
        await this.#sendBlob(transfer, digest);
      }
      await this.#sendLetter(transfer, "handover", id, secret);
    });
  }

  /** Brings what a job is to do, its inputs, and the checkpoint of an attempt before. @throws {RemoteProblem} */
  async receiveJob(id: string, secret: string): Promise<void> {
    const { folder, scratch } = this.#store.workplace(id);
    Deno.mkdirSync(scratch, { recursive: true });
    await this.#transfer(async (transfer) => {
      if (!await this.#receiveLetter(transfer, "handover", id, secret)) return;
      const { handover } = new Mailbox(this.#store, id);
      const inputs = new Set(Object.values(handover!.job.manifest.inputs));
      await Promise.all([...inputs].map((digest) => this.#receiveBlob(transfer, digest)));
      const checkpoint = await this.#getLetter(transfer, "checkpoint", id, secret);
      if (checkpoint === undefined) return;
      const files: unknown = JSON.parse(checkpoint);
      if (areFiles(files)) await this.#receiveFiles(transfer, files, `${folder}/scratch`);
    });
  }

  /** Sends how far a job is. */
  async sendStatus(id: string, secret: string): Promise<void> {
    await this.#transfer((transfer) => this.#sendLetter(transfer, "status", id, secret));
  }

  async receiveStatus(id: string, secret: string): Promise<void> {
    await this.#transfer((transfer) => this.#receiveLetter(transfer, "status", id, secret));
  }

  /** Sends how a job ended, and what it wrote. @throws {RemoteProblem} */
  async sendResult(id: string, secret: string): Promise<void> {
    const { output, result } = this.#store.workplace(id);
    const { outputs = {} } = resultIn(readTextIfPresent(result)!)!;
    await this.#transfer(async (transfer) => {
      for (const [name, digest] of Object.entries(outputs)) {
        await this.#sendBlob(transfer, digest, `${output}/${name}`);
      }
      await this.#sendLetter(transfer, "result", id, secret);
    });
  }

  /** Brings how a job ended, and what it wrote, if that is there. @throws {RemoteProblem} */
  async receiveResult(id: string, secret: string): Promise<void> {
    const { output, result } = this.#store.workplace(id);
    if (isPresent(result)) return;
    await this.#transfer(async (transfer) => {
      const text = await this.#getLetter(transfer, "result", id, secret);
      if (text === undefined) return;
      const { outputs = {} } = resultIn(text) ?? {};
      await this.#receiveFiles(transfer, outputs, output);
      writeAtomically(result, text, this.#store.aside());
    });
  }

  /** Sends what another attempt may go on from, wherever it runs. @throws {RemoteProblem} */
  async sendCheckpoint(id: string, secret: string): Promise<void> {
    await this.#transfer((transfer) =>
      this.#sendFiles(transfer, "checkpoint", id, this.#store.workplace(id).scratch, secret)
    );
  }

  async #transfer(work: (transfer: Transfer) => Promise<unknown>): Promise<void> {
    await this.#slots.use(async () => {
      using transfer = new Transfer(this.#server, CONNECTIONS, new AbortController().signal);
      await work(transfer);
    });
  }

  async #sendBlob(transfer: Transfer, digest: string, file = this.#store.blobPath(digest)): Promise<void> {
    const { size } = Deno.statSync(file);
    if (await transfer.size(`cas/${digest}`) !== size) await transfer.put(`cas/${digest}`, { file, size });
  }

  async #receiveBlob(transfer: Transfer, digest: string): Promise<void> {
    if (await this.#store.holds(digest)) return;
    const aside = this.#store.aside();
    await this.#receiveFile(transfer, digest, aside);
    this.#store.adopt(aside, digest);
  }

  async #receiveFile(transfer: Transfer, digest: string, path: string): Promise<void> {
    const hash = createHash("sha256");
    using file = Deno.openSync(path, { create: true, write: true, truncate: true });
    const isThere = await transfer.get(`cas/${digest}`, MOST_BYTES, (piece) => {
      hash.update(piece);
      for (let written = 0; written < piece.length;) written += file.writeSync(piece.subarray(written));
    });
    if (!isThere || hash.digest("hex") !== digest) {
      throw new RemoteProblem(`it has no whole ${digest.slice(0, 12)}, which a job needs`, "data");
    }
  }

  async #sendFiles(
    transfer: Transfer,
    kind: Kind,
    id: string,
    folder: string,
    secret: string,
  ): Promise<void> {
    if (!isPresent(folder)) return;
    const files: Record<string, string> = {};
    for (const name of listFiles(folder)) {
      files[name] = await this.#store.digests.digest(`${folder}/${name}`);
      await this.#sendBlob(transfer, files[name], `${folder}/${name}`);
    }
    await transfer.put(address(kind, id, secret), sign(JSON.stringify(files), secret));
  }

  async #receiveFiles(
    transfer: Transfer,
    files: Readonly<Record<string, string>>,
    folder: string,
  ): Promise<void> {
    for (const [name, digest] of Object.entries(files)) {
      const path = `${folder}/${name}`;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await this.#receiveFile(transfer, digest, path);
    }
  }

  async #sendLetter(transfer: Transfer, kind: "handover" | "status" | "result", id: string, secret: string) {
    const text = readTextIfPresent(this.#store.workplace(id)[kind]);
    if (text !== undefined) await transfer.put(address(kind, id, secret), sign(text, secret));
  }

  async #receiveLetter(
    transfer: Transfer,
    kind: "handover" | "status",
    id: string,
    secret: string,
  ): Promise<boolean> {
    const text = await this.#getLetter(transfer, kind, id, secret);
    if (text !== undefined) writeAtomically(this.#store.workplace(id)[kind], text, this.#store.aside());
    return text !== undefined;
  }

  async #getLetter(transfer: Transfer, kind: Kind, id: string, secret: string): Promise<string | undefined> {
    const pieces: Uint8Array[] = [];
    if (
      !await transfer.get(address(kind, id, secret), MOST_LETTER_BYTES, (piece) => void pieces.push(piece))
    ) {
      return undefined;
    }
    return verified(Buffer.concat(pieces).toString(), secret);
  }
}

type Kind = "handover" | "status" | "result" | "checkpoint";

const CONNECTIONS = 8;
const MOST_LETTER_BYTES = 16_000_000;
/** Far more than any file of a stage has. */
const MOST_BYTES = 1e12;

/** Where a letter lies: nobody finds it who does not know the secret. */
function address(kind: Kind, id: string, secret: string): string {
  return `ac/${sha256(`${kind} ${id} ${secret}`)}`;
}

function code(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("hex");
}

function sign(text: string, secret: string): string {
  return `${code(text, secret)}${text}`;
}

/** The text of a letter, or undefined where its writer did not know the secret. */
function verified(letter: string, secret: string): string | undefined {
  const text = letter.slice(64);
  const [given, right] = [letter.slice(0, 64), code(text, secret)].map((hex) =>
    new TextEncoder().encode(hex)
  );
  return given!.length === right!.length && timingSafeEqual(given!, right!) ? text : undefined;
}
