import {
  columnsOf,
  type GridNote,
  type PianoRoll,
  type RollFormat,
  rollNotes,
} from "../formats/piano_roll.ts";

/** Piano rolls of one length: examples of a dataset, reconstructions or samples. */
export interface RollSet {
  /** What a step and a column mean. */
  readonly format: RollFormat;
  /** Steps of each. */
  readonly length: number;
  /** 0 or 1, [rolls, length, columns]. */
  readonly cells: Uint8Array;
}

/** How many rolls a set has. */
export function rollCount({ format, length, cells }: RollSet): number {
  return cells.length / (length * columnsOf(format));
}

/** One roll of a set, as a view of its cells. */
export function rollAt({ format, length, cells }: RollSet, index: number): PianoRoll {
  const size = length * columnsOf(format);
  return { format, steps: length, cells: cells.subarray(index * size, (index + 1) * size) };
}

/** Histograms are shares that sum to 1, or all 0 where there is nothing to count. */
export interface MusicStatistics {
  /** Share of sounding time of each pitch class, C first, [12]. */
  readonly pitchClasses: Float64Array;
  /** Share of steps in which so many pitches sound, from 0 on, [pitches + 1]. */
  readonly polyphony: Float64Array;
  /** Share of onsets at each step of the bar, [steps to a bar]. */
  readonly groove: Float64Array;
  /** Share of notes that last so many steps, from 0 on, [length + 1]; notes are cut at the roll's ends. */
  readonly durations: Float64Array;
  readonly meanPolyphony: number;
  /** In steps; null without notes. */
  readonly meanDuration: number | null;
  readonly notesPerBar: number;
  /** Share of whole bars, counted from each roll's start, in which nothing sounds; null without a whole bar. */
  readonly emptyBars: number | null;
}

/**
 * Describes a set of rolls. `barSteps` says at which step of the bar each roll begins. Samples have no known
 * place in the bar: without `barSteps` each roll's onsets are turned so that the step with the most (the first
 * of equals) comes first. Compare only sets that were described in the same way.
 */
export function musicStatistics(
  set: RollSet,
  stepsPerBar: number,
  barSteps?: ArrayLike<number>,
): MusicStatistics {
  const { format, length, cells } = set;
  const { pitches, lowestPitch } = format;
  const columns = columnsOf(format);
  const rolls = rollCount(set);
  const pitchClasses = new Float64Array(12);
  const polyphony = new Float64Array(pitches + 1);
  const groove = new Float64Array(stepsPerBar);
  const durations = new Float64Array(length + 1);
  const wholeBars = Math.floor(length / stepsPerBar);
  let emptyBars = 0;
  for (let i = 0; i < rolls; i++) {
    const roll = rollAt(set, i);
    const sounding = Array.from({ length }, (_, step) => {
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
    for (let bar = 0; bar < wholeBars; bar++) {
      if (sounding.slice(bar * stepsPerBar, (bar + 1) * stepsPerBar).every((voices) => voices === 0)) {
        emptyBars++;
      }
    }
    const onsets = new Float64Array(stepsPerBar);
    for (const note of rollNotes(roll)) {
      durations[note.end - note.onset]!++;
      if (!heldOver(note, roll)) onsets[((barSteps?.[i] ?? 0) + note.onset) % stepsPerBar]!++;
    }
    const turn = barSteps === undefined ? onsets.indexOf(Math.max(...onsets)) : 0;
    for (let step = 0; step < stepsPerBar; step++) groove[step]! += onsets[(turn + step) % stepsPerBar]!;
  }
  const notes = sum(durations);
  return {
    pitchClasses: shares(pitchClasses),
    polyphony: shares(polyphony),
    groove: shares(groove),
    durations: shares(durations),
    meanPolyphony: meanIndex(shares(polyphony)),
    meanDuration: notes === 0 ? null : meanIndex(shares(durations)),
    notesPerBar: notes * stepsPerBar / Math.max(1, rolls * length),
    emptyBars: wholeBars * rolls === 0 ? null : emptyBars / (wholeBars * rolls),
  };
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
    groove: jensenShannon(a.groove, b.groove),
    durations: wasserstein(a.durations, b.durations),
  };
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
