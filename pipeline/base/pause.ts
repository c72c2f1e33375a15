const INTERVAL_MS = 50;

/**
 * A function to await between pieces of work: now and then it lets signals and messages through, and it throws
 * once the signal is aborted.
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
