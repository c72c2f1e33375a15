import {
  columnsOf,
  type GridNote,
  type PianoRoll,
  type RollFormat,
  rollNotes,
} from "../../formats/piano_roll.ts";
import { fifthsOf, type MusicalKey } from "../../formats/keys.ts";
import { notesOfVoice, type Voices } from "../../formats/voices.ts";
import { capital } from "../../base/words.ts";
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

/** A score on the grid: what each of its rolls, and each window of one, is made of. */
export interface GridScore {
  /** What a step and a column mean. */
  readonly format: RollFormat;
  /** Up to the end of the last note, whether or not it is among `notes`. */
  readonly steps: number;
  /** Those that are loud enough, by onset. */
  readonly notes: readonly GridNote[];
}

/** Puts a score on the grid. @param minimumVelocity notes below it (1..127) are left out */
export function scoreToGrid(score: Score, format: RollFormat, minimumVelocity = 1): GridScore {
  const notes = score.notes.map((note) => onGrid(note, score, format));
  return {
    format,
    steps: notes.reduce((end, note) => Math.max(end, note.end), 0),
    notes: notes.filter((_, i) => score.notes[i]!.velocity >= minimumVelocity),
  };
}

/**
 * The cells of the steps from <= step < to of a score's piano roll, [to - from, columns]: as `scoreToRoll` gives them,
 * without the rest of the roll.
 *
 * @throws {RangeError} where the roll has no such steps
 */
export function rollCells(
  { format, steps, notes }: GridScore,
  semitones: number,
  from: number,
  to: number,
): Uint8Array {
  if (!(0 <= from && from <= to && to <= steps)) {
    throw new RangeError(`Cannot cut steps ${from} to ${to} of a roll of ${steps}`);
  }
  const { lowestPitch, pitches, articulation } = format;
  const columns = columnsOf(format);
  const cells = new Uint8Array((to - from) * columns);
  // Notes come by onset, so no cell need be written twice: thousands of long notes at one pitch cost one.
  const playedTo = new Uint32Array(pitches).fill(from);
  for (const { pitch, onset, end } of notes) {
    if (onset >= to) break;
    const column = pitch + semitones - lowestPitch;
    if (column < 0 || column >= pitches || end <= from) continue;
    for (let step = Math.max(onset, playedTo[column]!); step < Math.min(end, to); step++) {
      cells[(step - from) * columns + column] = 1;
    }
    playedTo[column] = Math.max(end, playedTo[column]!);
    if (articulation && onset >= from) cells[(onset - from) * columns + pitches + column] = 1;
  }
  return cells;
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
  { minimumVelocity, semitones = 0 }: RollOptions = {},
): PianoRoll {
  const grid = scoreToGrid(score, format, minimumVelocity);
  return { format, steps: grid.steps, cells: rollCells(grid, semitones, 0, grid.steps) };
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
  readonly key?: MusicalKey;
}

/** How hard every note of a roll is struck, 1..127. */
const VELOCITY = 80;

/**
 * A score of one piano track whose `scoreToRoll` is the roll, if its play and articulate bits agree. It lasts as long as
 * the roll, also where nothing sounds.
 */
export function rollToScore(roll: PianoRoll, options: ScoreOptions): Score {
  return scoreOfParts(
    [{ name: "Piano", program: 0, notes: rollNotes(roll) }],
    roll.steps,
    roll.format,
    options,
  );
}

/** A choir of General MIDI. */
const CHOIR = 52;

/** A score of one track for each voice. @param names of the voices */
export function voicesToScore(
  voices: Voices,
  names: readonly string[],
  format: RollFormat,
  options: ScoreOptions,
): Score {
  const parts = names.map((name, voice) => ({
    name: capital(name),
    program: CHOIR,
    notes: notesOfVoice(voices, voice),
  }));
  return scoreOfParts(parts, voices.steps, format, options);
}

function scoreOfParts(
  parts: readonly { readonly name: string; readonly program: number; readonly notes: readonly GridNote[] }[],
  steps: number,
  { stepsPerQuarter }: RollFormat,
  { title, metre, key, microsecondsPerQuarter = 500_000 }: ScoreOptions,
): Score {
  const ticksPerStep = Math.ceil(480 / stepsPerQuarter);
  const notes = parts.flatMap(({ notes }, track) =>
    notes.map(({ pitch, onset, end }) => ({
      pitch,
      onset: onset * ticksPerStep,
      duration: (end - onset) * ticksPerStep,
      velocity: VELOCITY,
      track,
    }))
  );
  return {
    title,
    ticksPerQuarter: ticksPerStep * stepsPerQuarter,
    notes: notes.sort((a, b) => a.onset - b.onset || a.pitch - b.pitch || a.track - b.track),
    end: steps * ticksPerStep,
    tempi: [{ tick: 0, microsecondsPerQuarter }],
    metres: [{ tick: 0, numerator: 4, denominator: 4, ...metre }],
    keys: key ? [{ tick: 0, sharps: fifthsOf(key), mode: key.mode }] : [],
    tracks: parts.map(({ name, program }, channel) => ({ name, channel, program })),
  };
}
