import process from "node:process";
import { ANSWERED, BEATS, ENDED, leave, TAKEN, type ThreadData } from "./messages.ts";

/** Milliseconds from one sign of life to the next. */
const BEAT_MS = 200;

/**
 * Lets the thread that calls it give signs of life from now on, and at its end tell what ended it: a thread that sleeps
 * until it is answered hears of no event.
 */
export function showLife({ words, lastWords }: ThreadData): void {
  setInterval(() => Atomics.add(words, BEATS, 1), BEAT_MS);
  const end = (message: string) => {
    if (Atomics.load(words, ENDED) === 1) return;
    leave(lastWords, message);
    Atomics.store(words, ENDED, 1);
    for (const place of [ANSWERED, TAKEN]) Atomics.notify(words, place);
  };
  globalThis.addEventListener("error", (event) => end((event as ErrorEvent).message));
  globalThis.addEventListener("unhandledrejection", (event) => {
    const { reason } = event as PromiseRejectionEvent;
    end(reason instanceof Error ? reason.message : String(reason));
  });
  process.on("exit", () => end("something told it to stop"));
}
