import type { RandomStream } from "../../base/random.ts";
import type { Voices } from "../../formats/voices.ts";
import { jensenShannon } from "../music.ts";
import { bootstrap, type Estimate } from "./bootstrap.ts";
import { CHORD_QUALITIES, chordAt, isConsonant, pitchClassesAt } from "./chords.ts";
import { estimateKey, pitchClassDurations } from "../keys.ts";
import { rangeUse, voiceLeading, type VoiceRange } from "./leading.ts";

/** What is counted, and among how many: [count, of]. */
type Ratio = readonly [count: number, of: number];

/** What a piece is like, as counts that can be added up. */
export interface VoiceCounts {
  readonly ratios: Readonly<Record<RatioName, Ratio>>;
  /** Steps of each voice outside of its range, among those at which it sounds. */
  readonly outOfRange: readonly Ratio[];
  /** Sounding time of each pitch class from the tonic of the estimated key on, [12]. */
  readonly pitchClasses: Float64Array;
  /** How often one chord follows another, by `pairIndex`. */
  readonly chordPairs: ReadonlyMap<number, number>;
}

/** The name of something that is measured as a share; `VoiceStatistics` says what each is. */
export type RatioName =
  | "consonant"
  | "tertian"
  | "parallelFifths"
  | "parallelOctaves"
  | "leapsBeyondSixth"
  | "leapsBeyondOctave"
  | "crossings"
  | "outOfRange"
  | "onsets"
  | "major";

const RATIO_NAMES: readonly RatioName[] = [
  "consonant",
  "tertian",
  "parallelFifths",
  "parallelOctaves",
  "leapsBeyondSixth",
  "leapsBeyondOctave",
  "crossings",
  "outOfRange",
  "onsets",
  "major",
];

/** Ordered pairs of chords up to transposition: two kinds, and how far the root moves. */
const PAIRS = CHORD_QUALITIES * 12 * CHORD_QUALITIES;

/**
 * Counts what a stretch of music is like.
 *
 * @param ranges of each voice
 */
export function countVoices(voices: Voices, ranges: readonly VoiceRange[]): VoiceCounts {
  const { steps } = voices;
  const durations = pitchClassDurations(voices), chordPairs = new Map<number, number>();
  let sounding = 0, consonant = 0, tertian = 0, before: ReturnType<typeof chordAt>;
  for (let step = 0; step < steps; step++) {
    const set = pitchClassesAt(voices, step), chord = chordAt(voices, step);
    if (set !== 0) sounding++;
    if (isConsonant(set)) consonant++;
    if (!chord) continue;
    tertian++;
    if (before && (before.root !== chord.root || before.quality !== chord.quality)) {
      const motion = (chord.root - before.root + 12) % 12;
      const pair = (before.quality * 12 + motion) * CHORD_QUALITIES + chord.quality;
      chordPairs.set(pair, (chordPairs.get(pair) ?? 0) + 1);
    }
    before = chord;
  }
  const key = estimateKey(durations);
  const leading = voiceLeading(voices);
  const outOfRange = rangeUse(voices, ranges).map(({ sung, outside }): Ratio => [outside, sung]);
  return {
    ratios: {
      consonant: [consonant, sounding],
      tertian: [tertian, sounding],
      parallelFifths: [leading.parallelFifths, steps],
      parallelOctaves: [leading.parallelOctaves, steps],
      leapsBeyondSixth: [leading.leapsBeyondSixth, leading.moves],
      leapsBeyondOctave: [leading.leapsBeyondOctave, leading.moves],
      crossings: [leading.crossings, steps],
      outOfRange: outOfRange.reduce<Ratio>(added, [0, 0]),
      onsets: [voices.onsets.reduce((sum, onset) => sum + onset, 0), steps],
      major: [Number(sounding > 0 && key.mode === "major"), Number(sounding > 0)],
    },
    outOfRange,
    pitchClasses: durations.map((_, degree) => durations[(key.tonic + degree) % 12]!),
    chordPairs,
  };
}

/** The counts of several stretches of one piece, which are no pieces of their own. @param parts one or more */
export function countsTogether(parts: readonly VoiceCounts[]): VoiceCounts {
  return parts.reduce((sum, part) => {
    const chordPairs = new Map(sum.chordPairs);
    for (const [pair, count] of part.chordPairs) chordPairs.set(pair, (chordPairs.get(pair) ?? 0) + count);
    return {
      ratios: Object.fromEntries(
        RATIO_NAMES.map((name) => [name, added(sum.ratios[name], part.ratios[name])]),
      ) as Record<RatioName, Ratio>,
      outOfRange: sum.outOfRange.map((ratio, voice) => added(ratio, part.outOfRange[voice]!)),
      pitchClasses: sum.pitchClasses.map((duration, degree) => duration + part.pitchClasses[degree]!),
      chordPairs,
    };
  });
}

/** What music of voices is like; errors are by the bootstrap over pieces. */
export interface VoiceStatistics {
  /**
   * - consonant: steps, of those at which something sounds, whose pitch classes are those of a major or minor triad, or
   *   some of them
   * - tertian: steps, of those, whose pitch classes are just those of a triad or seventh (`chordAt`)
   * - parallelFifths, parallelOctaves: pairs of voices a step that go in parallel (`VoiceLeading`)
   * - leapsBeyondSixth, leapsBeyondOctave: moves of a voice that are wider
   * - crossings: steps at which a voice sounds below one that is written under it
   * - outOfRange: voices, of those that sound at each step, that are outside of their range
   * - onsets: notes that begin in a step
   * - major: stretches whose estimated key is a major one
   */
  readonly ratios: Readonly<Record<RatioName, Estimate>>;
  /** For each voice, steps outside of its range, of those at which it sounds. */
  readonly outOfRange: readonly Estimate[];
}

/** What a set of pieces is like. @param pieces one or more, of as many voices each */
export function voiceStatistics(pieces: readonly VoiceCounts[], stream: RandomStream): VoiceStatistics {
  const estimate = (ratioOf: (piece: VoiceCounts) => Ratio) =>
    bootstrap([pieces.length], (weights) => {
      let count = 0, total = 0;
      for (const [i, piece] of pieces.entries()) {
        const [its, of] = ratioOf(piece);
        count += weights[i]! * its;
        total += weights[i]! * of;
      }
      return total === 0 ? null : count / total;
    }, stream);
  return {
    ratios: Object.fromEntries(
      RATIO_NAMES.map((name) => [name, estimate(({ ratios }) => ratios[name])]),
    ) as Record<RatioName, Estimate>,
    outOfRange: pieces[0]!.outOfRange.map((_, voice) => estimate(({ outOfRange }) => outOfRange[voice]!)),
  };
}

/** Jensen-Shannon divergences of two sets of pieces, in bits, 0..1; errors are by the bootstrap over the pieces of both. */
export interface VoiceDistances {
  /** Between the sounding times of the pitch classes, each counted from the tonic of its stretch's estimated key. */
  readonly pitchClasses: Estimate;
  /**
   * Between the pairs of triads and sevenths that follow each other, whatever their key: two kinds, and how far the root
   * moves. What is neither triad nor seventh is passed over.
   */
  readonly chordPairs: Estimate;
}

/** How far two sets of pieces are apart. */
export function voiceDistances(
  pieces: readonly VoiceCounts[],
  reference: readonly VoiceCounts[],
  stream: RandomStream,
): VoiceDistances {
  const estimate = (histogram: (set: readonly VoiceCounts[], weights: Uint32Array) => Float64Array) =>
    bootstrap(
      [pieces.length, reference.length],
      (own, others) => jensenShannon(histogram(pieces, own!), histogram(reference, others!)),
      stream,
    );
  return {
    pitchClasses: estimate((set, weights) =>
      shares(
        12,
        (add) =>
          set.forEach((piece, i) =>
            piece.pitchClasses.forEach((time, degree) => add(degree, weights[i]! * time))
          ),
      )
    ),
    chordPairs: estimate((set, weights) =>
      shares(PAIRS, (add) =>
        set.forEach((piece, i) => {
          for (const [pair, count] of piece.chordPairs) add(pair, weights[i]! * count);
        }))
    ),
  };
}

/** A histogram of what is added to it, as shares; all 0 where nothing is. */
function shares(bins: number, fill: (add: (bin: number, count: number) => void) => void): Float64Array {
  const counts = new Float64Array(bins);
  fill((bin, count) => counts[bin]! += count);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? counts : counts.map((count) => count / total);
}

function added([count, of]: Ratio, [more, ofMore]: Ratio): Ratio {
  return [count + more, of + ofMore];
}
