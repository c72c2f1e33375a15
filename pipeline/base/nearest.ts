import { distance } from "fastest-levenshtein";

/** The name that `wrong` was most likely meant to be, or undefined where none comes near. */
export function nearest(wrong: string, names: Iterable<string>): string | undefined {
  // Long names would take quadratic time, and are no slip of the finger.
  const word = wrong.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const name of names) {
    const other = name.toLowerCase();
    const edits = distance(word, other);
    const length = Math.max(word.length, other.length);
    // Two letters that changed places are two edits.
    const near = edits <= (length < 4 ? 1 : Math.max(2, Math.floor(length * 0.4)));
    // "gauss" and "gaussian" are far in edits, near to a reader.
    const begins = word.length >= 3 && (other.startsWith(word) || word.startsWith(other));
    if ((near || begins) && edits < bestDistance) [best, bestDistance] = [name, edits];
  }
  return best;
}
