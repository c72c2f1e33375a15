import { REST, type Voices } from "../../formats/voices.ts";

/** The lowest and the highest pitch of a voice, as MIDI numbers. */
export type VoiceRange = readonly [low: number, high: number];

/**
 * What soprano, alto, tenor and bass sing in four-part writing, as textbooks have it at the widest: C4 to G5, G3 to D5,
 * C3 to G4, E2 to D4 (Kostka and Payne, Tonal Harmony; Aldwell and Schachter, Harmony and Voice Leading).
 */
export const SATB_RANGES: readonly VoiceRange[] = [[60, 79], [55, 74], [48, 67], [40, 62]];

/** Counts of what voices do. */
export interface VoiceLeading {
  /**
   * Pairs of voices that go in the same direction from a fifth to a fifth, compound ones included, where one step
   * follows another.
   */
  readonly parallelFifths: number;
  /** Such pairs that go from an octave or unison to an octave or unison. */
  readonly parallelOctaves: number;
  /** Changes of pitch within a voice, from one step to the next. */
  readonly moves: number;
  /** Moves by more than a major sixth, 9 semitones. */
  readonly leapsBeyondSixth: number;
  /** Moves by more than an octave. */
  readonly leapsBeyondOctave: number;
  /** Steps at which a voice sounds below one that is written under it. */
  readonly crossings: number;
}

const [MAJOR_SIXTH, OCTAVE, FIFTH] = [9, 12, 7];

/** What a voice sings at a step and at the next: MIDI numbers, or `REST`. */
export interface Motion {
  readonly from: number;
  readonly to: number;
}

/** What two voices do in parallel from one step to the next; undefined where they do not, or where one rests. */
export function parallel(one: Motion, other: Motion): "fifth" | "octave" | undefined {
  if (!moves(one) || !moves(other) || one.to > one.from !== other.to > other.from) return undefined;
  const before = Math.abs(one.from - other.from) % OCTAVE, now = Math.abs(one.to - other.to) % OCTAVE;
  if (now !== before) return undefined;
  return now === FIFTH ? "fifth" : now === 0 ? "octave" : undefined;
}

/** Whether a voice goes from one pitch to another. */
function moves({ from, to }: Motion): boolean {
  return from !== REST && to !== REST && from !== to;
}

/** Counts parallels, leaps and crossings. */
export function voiceLeading({ steps, voices, pitches }: Voices): VoiceLeading {
  const counts = {
    parallelFifths: 0,
    parallelOctaves: 0,
    moves: 0,
    leapsBeyondSixth: 0,
    leapsBeyondOctave: 0,
    crossings: 0,
  };
  /** Nobody moves into the first step. */
  const into = (step: number, voice: number): Motion => ({
    from: step === 0 ? REST : pitches[(step - 1) * voices + voice]!,
    to: pitches[step * voices + voice]!,
  });
  for (let step = 0; step < steps; step++) {
    let crosses = false;
    for (let upper = 0; upper < voices; upper++) {
      const its = into(step, upper), width = moves(its) ? Math.abs(its.to - its.from) : 0;
      if (width > 0) counts.moves++;
      if (width > MAJOR_SIXTH) counts.leapsBeyondSixth++;
      if (width > OCTAVE) counts.leapsBeyondOctave++;
      for (let lower = upper + 1; lower < voices; lower++) {
        const other = into(step, lower);
        if (its.to !== REST && other.to !== REST && its.to < other.to) crosses = true;
        const what = parallel(its, other);
        if (what === "fifth") counts.parallelFifths++;
        if (what === "octave") counts.parallelOctaves++;
      }
    }
    if (crosses) counts.crossings++;
  }
  return counts;
}

/** How often a voice sounds, and how often outside of its range. */
export interface RangeUse {
  /** Steps at which it sounds. */
  readonly sung: number;
  /** Those of them at which its pitch is outside. */
  readonly outside: number;
}

/** How the voices keep to their ranges. @param ranges of each voice; one without is never outside */
export function rangeUse({ voices, pitches }: Voices, ranges: readonly VoiceRange[]): RangeUse[] {
  return Array.from({ length: voices }, (_, voice) => {
    const [low, high] = ranges[voice] ?? [-Infinity, Infinity];
    const sung = pitches.filter((pitch, at) => at % voices === voice && pitch !== REST);
    return { sung: sung.length, outside: sung.filter((pitch) => pitch < low || pitch > high).length };
  });
}
