/** A key: its tonic as a pitch class, C being 0, and its mode. */
export interface KeyEstimate {
  readonly tonic: number;
  readonly mode: typeof MODES[number];
}

/**
 * How well each pitch class fits into C major and C minor, as listeners rated it (Krumhansl and Kessler, 1982; the
 * values of Krumhansl, 1990, table 2.1).
 */
const PROFILES = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
} as const;

/** The modes of keys. */
export const MODES = ["major", "minor"] as const;

/**
 * The key whose profile correlates best with how long each pitch class sounds (Krumhansl and Schmuckler; Krumhansl,
 * 1990, chapter 4). Of equals the first, major before minor.
 *
 * @param durations of the pitch classes, C first, [12]
 */
export function estimateKey(durations: ArrayLike<number>): KeyEstimate {
  let best: KeyEstimate & { readonly fit: number } = { tonic: 0, mode: "major", fit: -Infinity };
  for (const mode of MODES) {
    for (let tonic = 0; tonic < 12; tonic++) {
      const rotated = Array.from({ length: 12 }, (_, degree) => durations[(tonic + degree) % 12]!);
      const fit = correlation(rotated, PROFILES[mode]);
      if (fit > best.fit) best = { tonic, mode, fit };
    }
  }
  const { tonic, mode } = best;
  return { tonic, mode };
}

/** Pearson's; 0 where one of them does not vary. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = (p: readonly number[], q: readonly number[]) =>
    p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  const scale = Math.sqrt(product(x, x) * product(y, y));
  return scale === 0 ? 0 : product(x, y) / scale;
}

/** The usual names of the tonics, by mode. */
const NAMES = {
  major: ["C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"],
  minor: ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"],
} as const;

/** "E♭ major" */
export function keyName({ tonic, mode }: KeyEstimate): string {
  return `${NAMES[mode][tonic]} ${mode}`;
}
