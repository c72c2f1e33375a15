/** The modes of keys. */
export const MODES = ["major", "minor"] as const;

/** A key: "mode" is that of its scale. */
export interface EstimatedKey {
  /** Pitch class of the tonic, 0 (C) to 11 (B). */
  readonly tonic: number;
  readonly mode: typeof MODES[number];
}

/** How well each pitch class fits a key, from the tonic on: Krumhansl and Kessler (1982), probe tones. */
const PROFILES: Readonly<Record<EstimatedKey["mode"], readonly number[]>> = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
};

/**
 * The key whose profile correlates best with how long each pitch class sounds (Krumhansl and Schmuckler, 1990); of
 * equals the first, C major before all. Undefined where no correlation exists: nothing sounds, or all alike.
 *
 * @param durations of each pitch class, C first, [12]
 */
export function estimateKey(durations: ArrayLike<number>): EstimatedKey | undefined {
  const centred = standardised(durations);
  if (!centred) return undefined;
  let best: EstimatedKey | undefined, most = -Infinity;
  for (const mode of MODES) {
    const profile = standardised(PROFILES[mode])!;
    for (let tonic = 0; tonic < 12; tonic++) {
      const correlation = profile.reduce((sum, fit, i) => sum + fit * centred[(tonic + i) % 12]!, 0);
      if (correlation > most) [best, most] = [{ tonic, mode }, correlation];
    }
  }
  return best;
}

/** Moves values to mean 0 and scales them to length 1; undefined where all are equal. */
function standardised(values: ArrayLike<number>): Float64Array | undefined {
  const centred = Float64Array.from(values);
  const mean = centred.reduce((sum, value) => sum + value, 0) / centred.length;
  const length = Math.hypot(...centred.map((value) => value - mean));
  return length > 0 ? centred.map((value) => (value - mean) / length) : undefined;
}

/** The usual names of tonics, by mode. */
const TONICS: Readonly<Record<EstimatedKey["mode"], readonly string[]>> = {
  major: ["C", "D♭", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"],
  minor: ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "G♯", "A", "B♭", "B"],
};

/** "E♭ major" */
export function keyName({ tonic, mode }: EstimatedKey): string {
  return `${TONICS[mode][tonic]} ${mode}`;
}
