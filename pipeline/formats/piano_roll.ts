/**
 * The grid of a piano roll. With articulation the columns are [play of each pitch, articulate of each pitch],
 * as in the note-state matrix of the paper; without, [play of each pitch].
 */
export interface RollFormat {
  /** Steps to a quarter note; 4 makes a step a sixteenth. */
  readonly stepsPerQuarter: number;
  /** MIDI number of the first column. */
  readonly lowestPitch: number;
  /** How many, from the lowest on. */
  readonly pitches: number;
  /** Whether a roll also says which notes are struck. */
  readonly articulation: boolean;
}

/** The paper's grid: sixteenth notes, pitches 24 to 101, play and articulate. */
export const PAPER_FORMAT: RollFormat = {
  stepsPerQuarter: 4,
  lowestPitch: 24,
  pitches: 78,
  articulation: true,
};

/** What sounds at each step. */
export interface PianoRoll {
  /** What a step and a column mean. */
  readonly format: RollFormat;
  /** How many. */
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

/** Columns of a roll of this format. */
export function columnsOf({ pitches, articulation }: RollFormat): number {
  return articulation ? 2 * pitches : pitches;
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
