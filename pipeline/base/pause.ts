/** Milliseconds of work between two looks at what has come in: few enough for an interrupt to feel immediate. */
const INTERVAL_MS = 50;

/**
 * A function to await between pieces of work: every 50 ms it lets signals and messages through.
 *
 * @throws the signal's reason, once it is aborted
 */
export function pauseWithin(signal: AbortSignal): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last >= INTERVAL_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      last = performance.now();
    }
    signal.throwIfAborted();
  };
}
