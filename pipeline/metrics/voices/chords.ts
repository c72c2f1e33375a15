import { REST, type Voices } from "../../formats/voices.ts";

/**
 * Chords that are stacked in thirds, by the intervals above their root in semitones: the triads, and the sevenths that
 * are built on degrees of the major and the harmonic minor scale.
 */
const TERTIAN = [
  [0, 4, 7], // major triad
  [0, 3, 7], // minor triad
  [0, 3, 6], // diminished triad
  [0, 4, 8], // augmented triad
  [0, 4, 7, 10], // dominant seventh
  [0, 3, 7, 10], // minor seventh
  [0, 4, 7, 11], // major seventh
  [0, 3, 6, 10], // half-diminished seventh
  [0, 3, 6, 9], // diminished seventh
] as const;

/** How many kinds of chord there are. */
export const CHORD_QUALITIES = TERTIAN.length;

/** What sounds at a step, by what it is. */
export interface Chord {
  /** Pitch class of its root, 0..11. */
  readonly root: number;
  /** Index of its kind, the major and the minor triad first; below `CHORD_QUALITIES`. */
  readonly quality: number;
}

/** The pitch classes that sound at a step: bit 0 is C. */
export function pitchClassesAt({ voices, pitches }: Voices, step: number): number {
  let set = 0;
  for (let at = step * voices; at < (step + 1) * voices; at++) {
    if (pitches[at] !== REST) set |= 1 << pitches[at]! % 12;
  }
  return set;
}

/**
 * The triad or seventh whose pitch classes are just those of a step, wherever they lie; undefined where there is none.
 * The augmented triad and the diminished seventh have no root of their own: it is the lowest pitch's.
 */
export function chordAt(voices: Voices, step: number): Chord | undefined {
  const set = pitchClassesAt(voices, step);
  if (set === 0) return undefined;
  const its = voices.pitches.subarray(step * voices.voices, (step + 1) * voices.voices);
  const bass = its.reduce((lowest, pitch) => pitch !== REST && pitch < lowest ? pitch : lowest, Infinity) %
    12;
  for (let above = 0; above < 12; above++) {
    const root = (bass + above) % 12, quality = QUALITY_OF.get(fromRoot(set, root));
    if (quality !== undefined) return { root, quality };
  }
  return undefined;
}

/** Whether pitch classes are those of a major or minor triad, or some of them: no second, seventh or tritone. */
export function isConsonant(set: number): boolean {
  return set !== 0 && CONSONANT.has(set);
}

/** Whether pitch classes are those of a triad or seventh, or some of them. */
export function isPartOfChord(set: number): boolean {
  return set !== 0 && PARTS_OF_CHORDS.has(set);
}

/** A set of pitch classes with one of them moved to 0. */
function fromRoot(set: number, root: number): number {
  return (set >> root | set << 12 - root) & 0xfff;
}

function setOf(intervals: readonly number[]): number {
  return intervals.reduce((set, interval) => set | 1 << interval % 12, 0);
}

const QUALITY_OF: ReadonlyMap<number, number> = new Map(TERTIAN.map((chord, i) => [setOf(chord), i]));

const PARTS_OF_CHORDS = partsInAllKeys(TERTIAN);
const CONSONANT = partsInAllKeys(TERTIAN.slice(0, 2));

/** The pitch classes of chords on every root, and all sets of some of them. */
function partsInAllKeys(chords: readonly (readonly number[])[]): ReadonlySet<number> {
  return new Set(chords.flatMap((chord) => {
    const set = setOf(chord);
    return Array.from({ length: 12 }, (_, root) => fromRoot(set, root)).flatMap(partsOf);
  }));
}

/** A set and all that is within it. */
function partsOf(set: number): number[] {
  return Array.from({ length: set + 1 }, (_, part) => part).filter((part) => (part & set) === part);
}
