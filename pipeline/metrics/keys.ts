import { MODES, type MusicalKey } from "../formats/keys.ts";
import { REST, type Voices } from "../formats/voices.ts";

/** How well each pitch class fits a key, from the tonic on: Krumhansl and Kessler (1982), probe tones. */
const PROFILES: Readonly<Record<MusicalKey["mode"], readonly number[]>> = {
  major: [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
  minor: [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
};

/** How many steps of all voices each pitch class sounds, C first, [12]. */
export function pitchClassDurations({ pitches }: Pick<Voices, "pitches">): Float64Array {
  const durations = new Float64Array(12);
  for (const pitch of pitches) if (pitch !== REST) durations[pitch % 12]!++;
  return durations;
}

/**
 * The key whose profile correlates best with how long each pitch class sounds (Krumhansl and Schmuckler; Krumhansl,
 * 1990, chapter 4). Of equals the first, major before minor: C major where nothing sounds.
 *
 * @param durations of each pitch class, C first, [12]
 */
export function estimateKey(durations: ArrayLike<number>): MusicalKey {
  const centred = standardised(durations);
  let best: MusicalKey = { tonic: 0, mode: "major" }, most = -Infinity;
  for (const mode of MODES) {
    const profile = standardised(PROFILES[mode]);
    for (let tonic = 0; tonic < 12; tonic++) {
      const correlation = profile.reduce((sum, fit, i) => sum + fit * centred[(tonic + i) % 12]!, 0);
      if (correlation > most) [best, most] = [{ tonic, mode }, correlation];
    }
  }
  return best;
}

/** Moves values to mean 0 and scales them to length 1; all 0 where all are equal. */
function standardised(values: ArrayLike<number>): Float64Array {
  const centred = Float64Array.from(values);
  const mean = centred.reduce((sum, value) => sum + value, 0) / centred.length;
  const length = Math.hypot(...centred.map((value) => value - mean));
  return centred.map((value) => length > 0 ? (value - mean) / length : 0);
}
