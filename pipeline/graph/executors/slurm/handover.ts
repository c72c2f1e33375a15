import type { Place } from "../../../base/errors.ts";
import { isPresent, readTextIfPresent, writeAtomically } from "../../../store/disk.ts";
import type { Progress } from "../../../base/progress.ts";
import { type ExecutionFacts, isDigest, isOutputName } from "../../../store/record.ts";
import { seal, unseal } from "../../../store/sealed.ts";
import type { Store } from "../../../store/store.ts";
import type { Job } from "../executor.ts";

/**
 * What runner and node tell each other, as files of the job's workplace. Each is written aside and renamed, so that
 * who reads it has it whole, and names the batch that it is of: what a batch before has left is nobody's word.
 */

/** What a node is to do. */
export interface Handover {
  /** Names one submission: in the queue, in the script and here. */
  readonly batch: string;
  /** Number of the task in its array. */
  readonly index: number;
  /** Where there is no file system in common: what letters are signed with (`Courier`). */
  readonly secret?: string | undefined;
  /** The runner's project, and the SHA-256 of each file of the job's code as it has them. */
  readonly root: string;
  readonly files: Readonly<Record<string, string>>;
  readonly job: Job;
}

/** A handover in its file. The job is a text: a stage is given its slice with the keys in the order that they have. */
interface SealedHandover extends Omit<Handover, "job"> {
  readonly job: string;
}

/** How far a node is. */
export interface NodeStatus {
  readonly batch: string;
  readonly node: string;
  readonly notices: readonly string[];
  readonly progress?: Progress | undefined;
}

/** What a stage's failure is told as. */
export interface NodeFailure {
  readonly message: string;
  readonly place?: Place | undefined;
  readonly notes: readonly string[];
}

/** How an execution on a node ended. */
export interface NodeResult {
  readonly batch: string;
  readonly node: string;
  readonly facts?: ExecutionFacts | undefined;
  /** The SHA-256 of each output. */
  readonly outputs?: Readonly<Record<string, string>> | undefined;
  readonly failure?: NodeFailure | undefined;
}

/** SHA-256 of files by name, where no name leads out of the folder that they are in. */
export function areFiles(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === "object" && value !== null &&
    Object.entries(value).every(([name, digest]) => isOutputName(name) && isDigest(digest));
}

/** The result in a sealed text; undefined where it is damaged, or of a form that no node gives it. */
export function resultIn(text: string): NodeResult | undefined {
  const result = unseal(text) as NodeResult | null | undefined;
  const { facts, outputs = {} } = result ?? {};
  const areFacts = facts === undefined || Array.isArray(facts?.notices);
  return result && areFacts && areFiles(outputs) ? result : undefined;
}

/** The files of one job. */
export class Mailbox {
  readonly #store: Store;
  readonly #id: string;

  constructor(store: Store, id: string) {
    this.#store = store;
    this.#id = id;
  }

  get handover(): Handover | undefined {
    const found = this.#read("handover") as SealedHandover | undefined;
    return found && { ...found, job: JSON.parse(found.job) };
  }

  set handover({ job, ...value }: Handover) {
    Deno.mkdirSync(this.#store.workplace(this.#id).folder, { recursive: true });
    this.#write("handover", { ...value, job: JSON.stringify(job) } satisfies SealedHandover);
  }

  get status(): NodeStatus | undefined {
    return this.#read("status") as NodeStatus | undefined;
  }

  set status(value: NodeStatus) {
    this.#write("status", value);
  }

  /** The result of a batch, if it is there, and its outputs are. */
  async result(batch: string): Promise<NodeResult | undefined> {
    const found = resultIn(readTextIfPresent(this.#path("result")) ?? "");
    if (found?.batch !== batch) return undefined;
    return await this.#restore(found.outputs ?? {}) ? found : undefined;
  }

  /** Puts back what a process that was killed had moved into the store already. @returns whether all is there */
  async #restore(outputs: Readonly<Record<string, string>>): Promise<boolean> {
    const { output } = this.#store.workplace(this.#id);
    for (const [name, digest] of Object.entries(outputs)) {
      const path = `${output}/${name}`;
      if (isPresent(path)) continue;
      if (!await this.#store.holds(digest)) return false;
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.linkSync(this.#store.blobPath(digest), path);
    }
    return true;
  }

  putResult(value: NodeResult): void {
    this.#write("result", value);
  }

  #path(name: "handover" | "status" | "result"): string {
    return this.#store.workplace(this.#id)[name];
  }

  #read(name: "handover" | "status" | "result"): unknown {
    const text = readTextIfPresent(this.#path(name));
    return text === undefined ? undefined : unseal(text);
  }

  #write(name: "handover" | "status" | "result", value: unknown): void {
    const path = this.#path(name);
    const aside = `${path}.${crypto.randomUUID()}`;
    const text = seal(JSON.parse(JSON.stringify(value)));
    // A power cut may take what is not synced: a job is then handed over anew, and a word of progress missed.
    if (name === "result") return writeAtomically(path, text, aside);
    Deno.writeTextFileSync(aside, text);
    Deno.renameSync(aside, path);
  }
}
