import type { RandomStream } from "../../base/random.ts";

/**
 * One symbol of each voice from their probabilities, 1 for it and 0 for the others: drawn, or the most probable.
 *
 * @param probabilities [n, symbols]
 * @param stream what symbols are drawn by; without one the most probable is taken
 */
export function chooseSymbols(
  probabilities: Float32Array,
  symbols: number,
  stream: RandomStream | undefined,
): Uint8Array {
  const chosen = new Uint8Array(probabilities.length);
  for (let from = 0; from < probabilities.length; from += symbols) {
    const row = probabilities.subarray(from, from + symbols);
    chosen[from + (stream ? drawn(row, stream.uniform()) : row.indexOf(Math.max(...row)))] = 1;
  }
  return chosen;
}

/** The symbol in whose share of the unit interval a number lies, however the shares are rounded. */
function drawn(probabilities: Float32Array, uniform: number): number {
  let left = uniform * probabilities.reduce((sum, share) => sum + share, 0);
  const found = probabilities.findIndex((share) => (left -= share) < 0);
  return found >= 0 ? found : probabilities.length - 1;
}
