import type { RunEvent } from "../../graph/events.ts";
import { entriesOf, readTextIfPresent, removeIfPresent } from "../../store/disk.ts";
import { isHeld } from "../../store/lock.ts";
import { reasonInWords } from "./reasons.ts";

/**
 * What commands that execute stages tell while they are at work, for `serve`: a file for each process in the store's
 * folder `live/`, a JSON object on each line. Its lock is the operating system's, so a file without one is of a
 * process that is gone.
 */

/** One line of such a file. */
export type LiveLine = RunEvent & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why the stage runs, in words; of the event that starts it. */
  readonly why?: string;
};

/** What one process has told. */
export interface LiveRun {
  readonly pid: number;
  readonly lines: readonly LiveLine[];
}

/** Milliseconds from one word of progress of a stage to the next: as often as a page asks. */
const PROGRESS_INTERVAL = 500;
/** Milliseconds in which whoever makes a file has locked it. */
const FRESH = 2000;

/** Tells of events until it is disposed of. A store that cannot be written to stops no run. */
export class LiveLog implements Disposable {
  readonly #path: string;
  #file: Deno.FsFile | undefined;
  readonly #lastProgress = new Map<string, number>();

  /** @param store its folder */
  constructor(store: string) {
    // Processes of two machines, or of two containers, may have one number and one store.
    this.#path = `${store}/live/${Deno.pid}.${crypto.randomUUID()}.jsonl`;
    try {
      Deno.mkdirSync(`${store}/live`, { recursive: true });
      this.#file = Deno.openSync(this.#path, { createNew: true, write: true });
      this.#file.lockSync(true);
    } catch {
      this.#file = undefined;
    }
  }

  tell(event: RunEvent): void {
    const at = Date.now(), task = `${event.experiment} ${event.stage}`;
    if (event.type === "progress") {
      if (at - (this.#lastProgress.get(task) ?? 0) < PROGRESS_INTERVAL) return;
      this.#lastProgress.set(task, at);
    }
    const line: LiveLine = {
      ...event,
      at,
      ...(event.type === "start" ? { why: reasonInWords(event.reason) } : {}),
    };
    try {
      this.#file?.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
    } catch {
      this.#file = undefined; // the disk is full: the run will say so itself, if it matters
    }
  }

  [Symbol.dispose](): void {
    if (this.#file) removeIfPresent(this.#path);
    this.#file?.close();
    this.#file = undefined;
  }
}

/** What the processes tell that are at work over a store. Files of those that are gone are removed. */
export function liveRuns(store: string): LiveRun[] {
  const folder = `${store}/live`;
  return entriesOf(folder).flatMap((name) => {
    const path = `${folder}/${name}`, pid = Number(name.split(".")[0]);
    if (isAbandoned(path)) {
      removeIfPresent(path);
      return [];
    }
    const lines = (readTextIfPresent(path) ?? "").split("\n").flatMap((text): LiveLine[] => {
      try {
        const line = JSON.parse(text);
        return typeof line?.experiment === "string" && typeof line.stage === "string" ? [line] : [];
      } catch {
        return []; // the last one may be half written
      }
    });
    return lines.length > 0 ? [{ pid, lines }] : [];
  });
}

/** A file that is not locked; one that has just been made may not be locked yet. */
function isAbandoned(path: string): boolean {
  try {
    return Date.now() - Deno.statSync(path).mtime!.getTime() > FRESH && !isHeld(path);
  } catch {
    return false; // it has just been removed
  }
}
