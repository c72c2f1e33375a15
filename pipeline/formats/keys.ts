/** The modes of keys. */
export const MODES = ["major", "minor"] as const;

/** A key of tonal music. */
export interface MusicalKey {
  /** Pitch class of the tonic, 0 (C) to 11 (B). */
  readonly tonic: number;
  readonly mode: typeof MODES[number];
}

/** A pitch as it is written. */
export interface SpelledPitch {
  /** "C" */
  readonly step: string;
  /** Semitones that it is raised by: -1 is a flat, 1 a sharp. */
  readonly alter: number;
  /** 4 begins at the middle C. */
  readonly octave: number;
}

/** The letters by fifths, from F on. */
const BY_FIFTHS = "FCGDAEB";
const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** The sharps of a key's signature, -5 (five flats) to 6. */
export function fifthsOf({ tonic, mode }: MusicalKey): number {
  const fifths = (mode === "major" ? tonic : tonic + 3) * 7 % 12;
  return fifths > 6 ? fifths - 12 : fifths;
}

/**
 * How a pitch is written in a key of so many sharps: within the signature by it, else as the chromatic scales of its
 * major and minor key most often have it: from three fifths below the major tonic (Eb in C major) to eight above (G#).
 *
 * @param pitch its MIDI number
 */
export function spelledPitch(pitch: number, fifths: number): SpelledPitch {
  const lowest = fifths - 3;
  const place = lowest + (((pitch * 7 - lowest) % 12) + 12) % 12; // fifths above C
  const letter = place + 1, alter = Math.floor(letter / 7);
  const step = BY_FIFTHS[((letter % 7) + 7) % 7]!;
  return { step, alter, octave: (pitch - alter - SEMITONES[step]!) / 12 - 1 };
}

/** "F♯ minor" */
export function keyName(key: MusicalKey): string {
  const { step, alter } = spelledPitch(60 + key.tonic, fifthsOf(key));
  return `${step}${alter < 0 ? "♭" : alter > 0 ? "♯" : ""} ${key.mode}`;
}
