/**
 * Pearson's correlation of pairs of values, -1 to 1; null where either are all the same.
 *
 * @param a one or more
 * @param b as many
 */
export function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [x, y] = [centred(a), centred(b)];
  const [variance, ofOther] = [dot(x, x), dot(y, y)];
  return variance === 0 || ofOther === 0 ? null : dot(x, y) / Math.sqrt(variance * ofOther);
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
