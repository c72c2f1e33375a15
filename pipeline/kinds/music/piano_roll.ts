import type { Metre, Note, Score } from "./midi.ts";

/**
 * The grid of a piano roll. With articulation the columns are [play of each pitch, articulate of each pitch],
 * as in the note-state matrix of the paper; without, [play of each pitch].
 */
export interface RollFormat {
  /** Steps to a quarter note; 4 makes a step a sixteenth. */
  readonly stepsPerQuarter: number;
  /** MIDI number of the first column. */
  readonly lowestPitch: number;
  readonly pitches: number;
  readonly articulation: boolean;
}

/** The paper's: sixteenth notes, pitches 24 to 101, play and articulate. */
export const PAPER_FORMAT: RollFormat = {
  stepsPerQuarter: 4,
  lowestPitch: 24,
  pitches: 78,
  articulation: true,
};

export interface PianoRoll {
  readonly format: RollFormat;
  readonly steps: number;
  /** 0 or 1, [steps, columns]. */
  readonly cells: Uint8Array;
}

/** A note on the grid: it sounds in the steps onset <= step < end. */
export interface GridNote {
  readonly pitch: number;
  readonly onset: number;
  readonly end: number;
}

export function columnsOf({ pitches, articulation }: RollFormat): number {
  return articulation ? 2 * pitches : pitches;
}

/** Steps to a bar of this metre, rounded to a whole step; at least 1. */
export function stepsPerBar({ numerator, denominator }: Metre, { stepsPerQuarter }: RollFormat): number {
  return Math.max(1, Math.round(stepsPerQuarter * 4 * numerator / denominator));
}

/** The step nearest to a tick; halfway between two, the later. Whole numbers throughout, so exact. */
export function nearestStep(tick: number, ticksPerQuarter: number, stepsPerQuarter: number): number {
  return Math.floor((2 * tick * stepsPerQuarter + ticksPerQuarter) / (2 * ticksPerQuarter));
}

/** Where a note falls on the grid: both ends go to the nearest step, and it lasts at least one step. */
export function onGrid({ pitch, onset, duration }: Note, score: Score, format: RollFormat): GridNote {
  const step = (tick: number) => nearestStep(tick, score.ticksPerQuarter, format.stepsPerQuarter);
  const start = step(onset);
  return { pitch, onset: start, end: Math.max(start + 1, step(onset + duration)) };
}

export interface RollOptions {
  /** Notes below this velocity (1..127) are left out. Default: 1. */
  readonly minimumVelocity?: number;
  /** Transposition: how much higher the roll is. Default: 0. */
  readonly semitones?: number;
}

/**
 * The piano roll of a score. A play cell is 1 where any note of its pitch sounds on the grid (`onGrid`), an
 * articulate cell where any starts, so notes that overlap at one pitch share cells: there the earlier one is
 * cut at the later one's onset. Notes outside the pitch range are left out; `steps` counts up to the end of
 * the last note of the score whether or not it is left out.
 */
export function scoreToRoll(
  score: Score,
  format: RollFormat,
  { minimumVelocity = 1, semitones = 0 }: RollOptions = {},
): PianoRoll {
  const { lowestPitch, pitches, articulation } = format;
  const columns = columnsOf(format);
  const notes = score.notes.map((note) => ({ ...onGrid(note, score, format), velocity: note.velocity }));
  const steps = notes.reduce((end, note) => Math.max(end, note.end), 0);
  const cells = new Uint8Array(steps * columns);
  // Notes come by onset, so no cell need be written twice: thousands of long notes at one pitch cost one.
  const playedTo = new Uint32Array(pitches);
  for (const { pitch, onset, end, velocity } of notes) {
    const column = pitch + semitones - lowestPitch;
    if (velocity < minimumVelocity || column < 0 || column >= pitches) continue;
    for (let step = Math.max(onset, playedTo[column]!); step < end; step++) {
      cells[step * columns + column] = 1;
    }
    playedTo[column] = Math.max(end, playedTo[column]!);
    if (articulation) cells[onset * columns + pitches + column] = 1;
  }
  return { format, steps, cells };
}

/** How many notes of a score are outside a format's pitch range. */
export function notesOutOfRange(score: Score, { lowestPitch, pitches }: RollFormat): number {
  return score.notes.filter(({ pitch }) => pitch < lowestPitch || pitch >= lowestPitch + pitches).length;
}

/**
 * The notes of a roll, by onset, then pitch. A note starts where its pitch begins to play, and anew where it
 * is articulated while it plays; it ends where play ends or the next one starts. Articulate without play,
 * which a model may give, means nothing.
 */
export function rollNotes({ format, steps, cells }: PianoRoll): GridNote[] {
  const { lowestPitch, pitches, articulation } = format;
  const columns = columnsOf(format);
  const notes: GridNote[] = [];
  for (let column = 0; column < pitches; column++) {
    let onset = -1;
    for (let step = 0; step <= steps; step++) {
      const plays = step < steps && cells[step * columns + column] === 1;
      const strikes = plays && articulation && cells[step * columns + pitches + column] === 1;
      if (onset >= 0 && (!plays || strikes)) {
        notes.push({ pitch: lowestPitch + column, onset, end: step });
        onset = -1;
      }
      if (plays && onset < 0) onset = step;
    }
  }
  return notes.sort((a, b) => a.onset - b.onset || a.pitch - b.pitch);
}

export interface ScoreOptions {
  readonly title: string;
  /** Default: 500,000, which is 120 quarter notes a minute. */
  readonly microsecondsPerQuarter?: number;
  /** 1..127. Default: 80. */
  readonly velocity?: number;
  readonly metre?: Pick<Metre, "numerator" | "denominator">;
  /** Default: "Piano". */
  readonly trackName?: string;
}

/** A score of one piano track whose `scoreToRoll` is the roll, if its play and articulate bits agree. */
export function rollToScore(roll: PianoRoll, options: ScoreOptions): Score {
  const { title, microsecondsPerQuarter = 500_000, velocity = 80, trackName = "Piano" } = options;
  const { stepsPerQuarter } = roll.format;
  const ticksPerStep = Math.ceil(480 / stepsPerQuarter);
  return {
    title,
    ticksPerQuarter: ticksPerStep * stepsPerQuarter,
    notes: rollNotes(roll).map(({ pitch, onset, end }) => ({
      pitch,
      onset: onset * ticksPerStep,
      duration: (end - onset) * ticksPerStep,
      velocity,
      track: 0,
    })),
    tempi: [{ tick: 0, microsecondsPerQuarter }],
    metres: [{ tick: 0, numerator: 4, denominator: 4, ...options.metre }],
    keys: [],
    tracks: [{ name: trackName, channel: 0, program: 0 }],
  };
}
