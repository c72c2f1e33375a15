import { entriesOf, onDisk, readTextIfPresent } from "./disk.ts";
import { seal, unseal } from "./sealed.ts";

/** A stage of an experiment came to a new key, or was executed. */
export interface HistoryEntry {
  readonly experiment: string;
  readonly stage: string;
  readonly key: string;
  readonly outcome: "ran" | "cached" | "failed";
  /** ISO 8601. */
  readonly time: string;
}

/** What each stage of each experiment was, in order of time: lines that are only ever added. */
export class History {
  readonly #folder: string;
  readonly #entries = new Map<string, HistoryEntry[]>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names of all experiments that ever ran. */
  experiments(): string[] {
    return entriesOf(this.#folder).map((name) => name.replace(/\.jsonl$/, ""));
  }

  /** Oldest first. A line that a crash cut short is passed over. */
  of(experiment: string, stage: string): HistoryEntry[] {
    return this.#load(experiment).filter((entry) => entry.stage === stage);
  }

  keys(experiment: string): string[] {
    return this.#load(experiment).map((entry) => entry.key);
  }

  /** Names of the experiments that ever had a key, by key. */
  experimentsByKey(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const experiment of this.experiments()) {
      for (const key of new Set(this.keys(experiment))) {
        const names = found.get(key);
        if (names) names.push(experiment);
        else found.set(key, [experiment]);
      }
    }
    return found;
  }

  /** The last key that led to a result. */
  last(experiment: string, stage: string): HistoryEntry | undefined {
    return this.#load(experiment).findLast((entry) => entry.stage === stage && entry.outcome !== "failed");
  }

  /** A hit on the same key as before is no news and adds nothing. */
  async add(entry: HistoryEntry): Promise<void> {
    if (entry.outcome === "cached" && this.last(entry.experiment, entry.stage)?.key === entry.key) return;
    this.#load(entry.experiment).push(entry);
    await onDisk(
      "Cannot keep the history of a run",
      // The first line break ends what a crash may have cut short.
      () => Deno.writeTextFileSync(this.#path(entry.experiment), `\n${seal(entry)}`, { append: true }),
    );
  }

  #load(experiment: string): HistoryEntry[] {
    let entries = this.#entries.get(experiment);
    if (!entries) {
      const text = readTextIfPresent(this.#path(experiment)) ?? "";
      entries = text.split(/(?<=\n)/).map(unseal).filter(isEntry);
      this.#entries.set(experiment, entries);
    }
    return entries;
  }

  #path(experiment: string): string {
    return `${this.#folder}/${experiment}.jsonl`;
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { experiment, stage, key, outcome, time } = value as Record<string, unknown>;
  return typeof experiment === "string" && typeof stage === "string" && typeof key === "string" &&
    ["ran", "cached", "failed"].includes(outcome as string) && typeof time === "string";
}
