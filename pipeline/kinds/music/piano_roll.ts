import {
  columnsOf,
  type GridNote,
  type PianoRoll,
  type RollFormat,
  rollNotes,
} from "../../formats/piano_roll.ts";
import type { MetreOnGrid } from "../../formats/bars.ts";
import type { Metre, Note, Score } from "./midi.ts";

/** The steps to a bar of this metre, rounded to a whole number; at least 1. */
export function stepsPerBar(
  { numerator, denominator }: Pick<Metre, "numerator" | "denominator">,
  { stepsPerQuarter }: RollFormat,
): number {
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

/** The metre of this name: "3/4". */
export function metreNamed(name: string): Pick<Metre, "numerator" | "denominator"> {
  const [numerator, denominator] = name.split("/").map(Number);
  return { numerator: numerator!, denominator: denominator! };
}

/** The metres of a score on the grid, by their first steps; of two that begin at one step the later holds. */
export function metresOnGrid({ metres, ticksPerQuarter }: Score, format: RollFormat): MetreOnGrid[] {
  const placed = metres.map((metre) => ({
    step: nearestStep(metre.tick, ticksPerQuarter, format.stepsPerQuarter),
    metre: `${metre.numerator}/${metre.denominator}`,
    stepsPerBar: stepsPerBar(metre, format),
  }));
  return placed.filter(({ step }, i) => placed[i + 1]?.step !== step);
}

/** Which notes a roll has, and where. */
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

/** What a score has that a roll does not say. */
export interface ScoreOptions {
  readonly title: string;
  /** Default: 500,000, which is 120 quarter notes a minute. */
  readonly microsecondsPerQuarter?: number;
  readonly metre?: Pick<Metre, "numerator" | "denominator">;
}

/** How hard every note of a roll is struck, 1..127. */
const VELOCITY = 80;

/**
 * A score of one piano track whose `scoreToRoll` is the roll, if its play and articulate bits agree. It lasts as long as
 * the roll, also where nothing sounds.
 */
export function rollToScore(roll: PianoRoll, options: ScoreOptions): Score {
  const { title, microsecondsPerQuarter = 500_000 } = options;
  const { stepsPerQuarter } = roll.format;
  const ticksPerStep = Math.ceil(480 / stepsPerQuarter);
  return {
    title,
    ticksPerQuarter: ticksPerStep * stepsPerQuarter,
    notes: rollNotes(roll).map(({ pitch, onset, end }) => ({
      pitch,
      onset: onset * ticksPerStep,
      duration: (end - onset) * ticksPerStep,
      velocity: VELOCITY,
      track: 0,
    })),
    end: roll.steps * ticksPerStep,
    tempi: [{ tick: 0, microsecondsPerQuarter }],
    metres: [{ tick: 0, numerator: 4, denominator: 4, ...options.metre }],
    keys: [],
    tracks: [{ name: "Piano", channel: 0, program: 0 }],
  };
}
