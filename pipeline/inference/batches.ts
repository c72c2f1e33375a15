/**
 * Takes 0..total-1 in batches, the last of which may be short: what a compiled function of a fixed batch puts out
 * behind it is to be passed over.
 */
export function inBatches(total: number, size: number, run: (from: number, to: number) => void): void {
  for (let from = 0; from < total; from += size) run(from, Math.min(total, from + size));
}
