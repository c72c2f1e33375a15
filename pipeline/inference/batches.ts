/**
 * The positions 0..total-1 in batches of `size`, from `from` up to `to`. The last one may be short: what a compiled
 * function of a fixed batch puts out behind it is to be passed over.
 */
export function* batches(
  total: number,
  size: number,
): Generator<{ readonly from: number; readonly to: number }> {
  for (let from = 0; from < total; from += size) yield { from, to: Math.min(total, from + size) };
}
