import {
  columnsOf,
  type GridNote,
  type PianoRoll,
  type RollFormat,
  rollNotes,
} from "../formats/piano_roll.ts";
import { type SungRoll, type Voices, voicesBetween } from "../formats/voices.ts";

/** Piano rolls of one length: examples of a dataset, reconstructions or samples. */
export interface RollSet {
  /** What a step and a column mean. */
  readonly format: RollFormat;
  /** Steps of each. */
  readonly length: number;
  /** 0 or 1, [rolls, length, columns]. */
  readonly cells: Uint8Array;
  /** How many steps of each count, from the first on, where shorter ones are filled up; default: all. */
  readonly steps?: readonly number[];
  /** Who sings what sounds, where voices are told apart: one roll after the other, [rolls x length, voices]. */
  readonly voices?: Voices;
}

/** How many rolls a set has. */
export function rollCount({ format, length, cells }: RollSet): number {
  return cells.length / (length * columnsOf(format));
}

/** How many steps of a roll count. */
export function stepsOfRoll({ length, steps }: RollSet, index: number): number {
  return steps?.[index] ?? length;
}

/** One roll of a set, as a view of its cells: the steps that count. */
export function rollAt(set: RollSet, index: number): SungRoll {
  const { format, length, cells, voices } = set, steps = stepsOfRoll(set, index);
  const columns = columnsOf(format), from = index * length;
  return {
    format,
    steps,
    cells: cells.subarray(from * columns, (from + steps) * columns),
    ...(voices && { voices: voicesBetween(voices, from, steps) }),
  };
}

/** The metre of a roll, and the step of the bar at which it begins. */
export interface Bars {
  /** "3/4" */
  readonly metre: string;
  /** Steps in a bar. */
  readonly stepsPerBar: number;
  /** From 0. */
  readonly stepOfBar: number;
}

/** How often notes begin at each step of the bar, in one metre. */
export interface Groove {
  readonly metre: string;
  /** Share of the onsets of all metres at each step of the bar, [steps to a bar]. */
  readonly onsets: Float64Array;
}

/** Histograms are shares that sum to 1, or all 0 where there is nothing to count. */
export interface MusicStatistics {
  /** Share of sounding time of each pitch class, C first, [12]. */
  readonly pitchClasses: Float64Array;
  /** Share of steps in which so many pitches sound, from 0 on, [pitches + 1]. */
  readonly polyphony: Float64Array;
  /** By the names of the metres. */
  readonly groove: readonly Groove[];
  /** Share of notes that last so many steps, from 0 on, [length + 1]; notes are cut at the roll's ends. */
  readonly durations: Float64Array;
  readonly meanPolyphony: number;
  /** Pitches that sound in the first step of a roll, on average. */
  readonly firstPolyphony: number;
  /** In steps; null without notes. */
  readonly meanDuration: number | null;
  /** Notes in as many steps as the commonest metre has in a bar. */
  readonly notesPerBar: number;
  /**
   * Share of stretches of as many steps, counted from each roll's start, in which nothing sounds; null where rolls are
   * shorter.
   */
  readonly emptyBars: number | null;
}

/**
 * Describes a set of rolls.
 *
 * @param bars of each roll
 * @param stepsPerBar of the commonest metre: sets of other metres are described alike
 */
export function musicStatistics(set: RollSet, bars: readonly Bars[], stepsPerBar: number): MusicStatistics {
  const { format, length, cells } = set;
  const { pitches, lowestPitch } = format;
  const columns = columnsOf(format);
  const rolls = rollCount(set);
  const pitchClasses = new Float64Array(12);
  const polyphony = new Float64Array(pitches + 1);
  const durations = new Float64Array(length + 1);
  const grooves = new Map<string, Float64Array>();
  let emptyBars = 0, allBars = 0, allSteps = 0, first = 0;
  for (let i = 0; i < rolls; i++) {
    const roll = rollAt(set, i), { metre, stepsPerBar: itsSteps, stepOfBar } = bars[i]!;
    const wholeBars = Math.floor(roll.steps / stepsPerBar);
    allBars += wholeBars;
    allSteps += roll.steps;
    const sounding = Array.from({ length: roll.steps }, (_, step) => {
      const from = (i * length + step) * columns;
      let voices = 0;
      for (let pitch = 0; pitch < pitches; pitch++) {
        if (cells[from + pitch] !== 1) continue;
        voices++;
        pitchClasses[(lowestPitch + pitch) % 12]!++;
      }
      polyphony[voices]!++;
      return voices;
    });
    first += sounding[0]!;
    for (let bar = 0; bar < wholeBars; bar++) {
      if (sounding.slice(bar * stepsPerBar, (bar + 1) * stepsPerBar).every((voices) => voices === 0)) {
        emptyBars++;
      }
    }
    const groove = grooves.get(metre) ?? new Float64Array(itsSteps);
    grooves.set(metre, groove);
    for (const onset of strikes(roll)) groove[(stepOfBar + onset) % itsSteps]!++;
    for (const note of rollNotes(roll)) durations[note.end - note.onset]!++;
  }
  const notes = sum(durations);
  const onsets = [...grooves.values()].reduce((total, groove) => total + sum(groove), 0);
  return {
    pitchClasses: shares(pitchClasses),
    polyphony: shares(polyphony),
    groove: [...grooves].map(([metre, groove]) => ({
      metre,
      onsets: groove.map((count) => count / Math.max(1, onsets)),
    })).sort((a, b) => a.metre.localeCompare(b.metre, "en", { numeric: true })),
    durations: shares(durations),
    meanPolyphony: meanIndex(shares(polyphony)),
    firstPolyphony: first / rolls,
    meanDuration: notes === 0 ? null : meanIndex(shares(durations)),
    notesPerBar: notes * stepsPerBar / Math.max(1, allSteps),
    emptyBars: allBars === 0 ? null : emptyBars / allBars,
  };
}

/** Steps at which notes are struck, one for each note. */
function strikes(roll: PianoRoll): number[] {
  return rollNotes(roll).filter((note) => !heldOver(note, roll)).map(({ onset }) => onset);
}

/**
 * The bars that rolls most likely have, by how often notes begin at each step of the bar in music whose bars are known:
 * the metre and the place in the bar under which the onsets are most probable. Generated rolls have no bars of their
 * own. Sets that are compared must all be described so, also those whose bars are known.
 *
 * @param known onsets at each step of the bar by metre, counted in `music` with its `bars`
 */
export function likelyBars(rolls: RollSet, known: readonly KnownGroove[]): Bars[] {
  return Array.from({ length: rollCount(rolls) }, (_, i) => {
    const onsets = strikes(rollAt(rolls, i));
    let best: Bars | undefined, most = -Infinity;
    for (const { metre, share, logDensities } of known) {
      const stepsPerBar = logDensities.length;
      for (let stepOfBar = 0; stepOfBar < stepsPerBar; stepOfBar++) {
        let score = Math.log(share);
        for (const onset of onsets) score += logDensities[(stepOfBar + onset) % stepsPerBar]!;
        if (score <= most) continue;
        [best, most] = [{ metre, stepsPerBar, stepOfBar }, score];
      }
    }
    return best!;
  });
}

/** How likely notes begin at each step of the bar, in one metre. */
export interface KnownGroove {
  readonly metre: string;
  /** Share of the rolls that are in this metre. */
  readonly share: number;
  /** log of how many times as often as at an average step, [steps to a bar]. */
  readonly logDensities: Float64Array;
}

/** The grooves of music whose bars are known; each step has one onset more than were counted (Laplace's rule). */
export function knownGrooves(music: RollSet, bars: readonly Bars[]): KnownGroove[] {
  const counts = new Map<string, { rolls: number; onsets: Float64Array }>();
  bars.forEach(({ metre, stepsPerBar, stepOfBar }, i) => {
    const counted = counts.get(metre) ?? { rolls: 0, onsets: new Float64Array(stepsPerBar).fill(1) };
    counts.set(metre, counted);
    counted.rolls++;
    for (const onset of strikes(rollAt(music, i))) counted.onsets[(stepOfBar + onset) % stepsPerBar]!++;
  });
  return [...counts].map(([metre, { rolls, onsets }]) => ({
    metre,
    share: rolls / bars.length,
    logDensities: onsets.map((count) => Math.log(count * onsets.length / sum(onsets))),
  })).sort((a, b) => b.share - a.share);
}

/** What a set would be like if each roll were also there in every transposition; its range is taken to hold them all. */
export function transposed(statistics: MusicStatistics, transpositions: readonly number[]): MusicStatistics {
  const pitchClasses = statistics.pitchClasses.map((_, pitchClass, plain) =>
    transpositions.reduce((total, semitones) => total + plain[(pitchClass - semitones % 12 + 12) % 12]!, 0) /
    transpositions.length
  );
  return { ...statistics, pitchClasses };
}

/** Whether a note sounds from the roll's first step on without being struck there: it began before. */
function heldOver({ pitch, onset }: GridNote, { format, cells }: PianoRoll): boolean {
  const { articulation, pitches, lowestPitch } = format;
  return onset === 0 && articulation && cells[pitches + pitch - lowestPitch] !== 1;
}

/** Distances of two sets; null where one of them has nothing to count. */
export interface MusicDistances {
  /** Jensen-Shannon divergence in bits, 0..1. */
  readonly pitchClasses: number | null;
  /** 1-Wasserstein distance, in pitches. */
  readonly polyphony: number | null;
  /** Jensen-Shannon divergence in bits, 0..1. */
  readonly groove: number | null;
  /** 1-Wasserstein distance, in steps. */
  readonly durations: number | null;
}

/** How far two sets of rolls are apart, both described in the same way. */
export function musicDistances(a: MusicStatistics, b: MusicStatistics): MusicDistances {
  return {
    pitchClasses: jensenShannon(a.pitchClasses, b.pitchClasses),
    polyphony: wasserstein(a.polyphony, b.polyphony),
    groove: jensenShannon(...aligned(a.groove, b.groove)),
    durations: wasserstein(a.durations, b.durations),
  };
}

/** The onsets of both by metre and step of the bar, in the same order. */
function aligned(a: readonly Groove[], b: readonly Groove[]): [Float64Array, Float64Array] {
  const lengths = new Map([...a, ...b].map(({ metre, onsets }) => [metre, onsets.length]));
  const joined = (grooves: readonly Groove[]) =>
    Float64Array.from([...lengths].flatMap(([metre, length]) => [
      ...grooves.find((groove) => groove.metre === metre)?.onsets ?? new Float64Array(length),
    ]));
  return [joined(a), joined(b)];
}

/** Jensen-Shannon divergence (Lin, 1991) of two histograms, in bits; null where one is all 0. */
export function jensenShannon(a: Float64Array, b: Float64Array): number | null {
  if (sum(a) === 0 || sum(b) === 0) return null;
  let divergence = 0;
  for (let i = 0; i < a.length; i++) {
    const middle = (a[i]! + b[i]!) / 2;
    for (const share of [a[i]!, b[i]!]) if (share > 0) divergence += share * Math.log2(share / middle) / 2;
  }
  return Math.max(0, divergence);
}

/**
 * 1-Wasserstein distance of two histograms over 0, 1, 2, ...: the area between their distribution functions.
 * The shorter one is taken to end in zeros. Null where one is all 0.
 */
export function wasserstein(a: Float64Array, b: Float64Array): number | null {
  if (sum(a) === 0 || sum(b) === 0) return null;
  let distance = 0;
  let ahead = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    ahead += (a[i] ?? 0) - (b[i] ?? 0);
    distance += Math.abs(ahead);
  }
  return distance;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function shares(counts: Float64Array): Float64Array {
  const total = sum(counts);
  return total === 0 ? counts : counts.map((count) => count / total);
}

function meanIndex(shares: Float64Array): number {
  return shares.reduce((mean, share, i) => mean + i * share, 0);
}
