/**
 * How the page fills a pad and empties it, whatever is drawn on it. What was hidden is shown again.
 *
 * @param {{ values: Float32Array, hidden: Uint8Array }} pad
 * @param {() => void} changed
 */
export function contentsOf({ values, hidden }, changed) {
  return {
    /** @param {ArrayLike<number>} given */
    set(given) {
      values.set(given);
      hidden.fill(0);
      changed();
    },
    clear() {
      values.fill(0);
      hidden.fill(0);
      changed();
    },
  };
}
