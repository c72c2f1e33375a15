import { columnsOf, type GridNote, type PianoRoll, rollNotes } from "../formats/piano_roll.ts";
import { rollAt, rollCount, type RollSet } from "./music.ts";

/** Music that passages are sought in: what windows of a piece have of it. */
export interface Stretch {
  /** The piece's number. */
  readonly piece: number;
  /** Where in the piece it begins. */
  readonly start: number;
  /** How many semitones higher it is than the piece. */
  readonly semitones: number;
  /** Its cells; silent where no window was. */
  readonly roll: PianoRoll;
}

/**
 * Puts the windows of each piece together again, those of one transposition.
 *
 * @param windows where each was cut, in the order of their rolls
 * @param order pieces, of which as many are taken as have `mostSteps` steps together, and one more
 */
export function stretchesOf(
  { format, length, cells }: RollSet,
  windows: readonly Omit<Stretch, "roll">[],
  order: Iterable<number>,
  mostSteps: number,
): Stretch[] {
  const columns = columnsOf(format), semitones = windows[0]?.semitones;
  const byPiece = Map.groupBy(
    windows.map((window, index) => ({ ...window, index })).filter((window) => window.semitones === semitones),
    ({ piece }) => piece,
  );
  const stretches: Stretch[] = [];
  let steps = 0;
  for (const piece of order) {
    const cuts = byPiece.get(piece);
    if (!cuts || steps >= mostSteps) continue;
    const from = cuts.reduce((first, { start }) => Math.min(first, start), Infinity);
    const to = cuts.reduce((last, { start }) => Math.max(last, start), 0) + length;
    const joined = new Uint8Array((to - from) * columns);
    for (const { start, index } of cuts) {
      const window = cells.subarray(index * length * columns, (index + 1) * length * columns);
      joined.set(window, (start - from) * columns);
    }
    const roll = { format, steps: to - from, cells: joined };
    stretches.push({ piece, start: from, semitones: semitones!, roll });
    steps += roll.steps;
  }
  return stretches;
}

/** The passage of a piece that a roll is nearest to, wherever it begins and in whatever key. */
export interface NearestPassage {
  /** What it is of; undefined where no note of the roll is in any. */
  readonly stretch: Stretch | undefined;
  /** Its first step in the stretch. */
  readonly start: number;
  /** How many semitones higher the passage is than the roll. */
  readonly semitones: number;
  /**
   * Cells that differ over the cells that are on in either, counted in each: 0 for equal rolls, 1 for rolls that
   * share no cell (1 - Dice, 1945). Silence is near to any sparse roll in cells, and not in this.
   */
  readonly dissimilarity: number;
}

/** Passages are sought up to so many semitones higher or lower than the roll: all keys, and the octaves beside. */
const MOST_SEMITONES = 12;
/** The most notes of a roll that vote; of a roll of noise every n-th does. */
const MOST_VOTERS = 200;

/**
 * The passage that shares most onsets with each roll: of all steps and transpositions the one with the largest share
 * of common onsets among the onsets of both (Dice). Each pair of a note of the roll and one of the piece votes for the
 * place and the transposition at which they would be the same.
 *
 * @param stretches of the same format, none shorter than the rolls
 */
export function nearestPassages(rolls: RollSet, stretches: readonly Stretch[]): NearestPassage[] {
  // A passage is as long as a window, also beside one that is filled up.
  const { steps: _, ...whole } = rolls, { length } = whole;
  const indexed = stretches.map((stretch) => {
    const { roll } = stretch, notes = rollNotes(roll), places = roll.steps - length + 1;
    // How many notes begin before each step.
    const before = new Uint32Array(roll.steps + 1);
    for (const { onset } of notes) before[onset + 1]!++;
    for (let step = 0; step < roll.steps; step++) before[step + 1]! += before[step]!;
    // In order, as the notes are.
    const onsets = new Map(
      Map.groupBy(notes, ({ pitch }) => pitch).entries().map(([pitch, some]) =>
        [pitch, Uint32Array.from(some, ({ onset }) => onset)] as const
      ),
    );
    return { stretch, onsets, places, before };
  });
  const mostPlaces = Math.max(0, ...indexed.map(({ places }) => places));
  const votes = new Uint16Array((2 * MOST_SEMITONES + 1) * mostPlaces);
  return Array.from({ length: rollCount(rolls) }, (_, i) => {
    const roll = rollAt(whole, i), notes = rollNotes(roll);
    const every = Math.max(1, Math.ceil(notes.length / MOST_VOTERS));
    const voters = notes.filter((_, index) => index % every === 0);
    const shareOf = (votes: number, onsets: number) =>
      2 * (votes * notes.length / voters.length) / (notes.length + onsets);
    let best: NearestPassage = { stretch: undefined, start: 0, semitones: 0, dissimilarity: 1 }, most = 0;
    for (const { stretch, onsets, places, before } of indexed) {
      votes.fill(0, 0, (2 * MOST_SEMITONES + 1) * places);
      const top = vote(votes, voters, onsets, places);
      // A passage has as many onsets as it has votes, or more: with fewer votes than these it cannot be nearer.
      let least = 1;
      while (least <= top && shareOf(least, least) <= most) least++;
      if (least > top) continue;
      for (let at = 0; at < (2 * MOST_SEMITONES + 1) * places; at++) {
        if (votes[at]! < least) continue;
        const start = at % places;
        const share = shareOf(votes[at]!, before[start + length]! - before[start]!);
        if (share <= most) continue;
        most = share;
        best = { ...best, stretch, start, semitones: Math.floor(at / places) - MOST_SEMITONES };
      }
    }
    const found = passageOf(best, length);
    return found ? { ...best, dissimilarity: dissimilarity(roll, found, best.semitones) } : best;
  });
}

/**
 * Each pair of notes of one pitch and the next votes for where they would be the same.
 *
 * @param votes by transposition and place
 * @param onsets of a stretch, in order, by pitch
 * @returns the most votes that there are for any
 */
function vote(
  votes: Uint16Array,
  voters: readonly Pick<GridNote, "pitch" | "onset">[],
  onsets: ReadonlyMap<number, Uint32Array>,
  places: number,
): number {
  let top = 0;
  for (const { pitch, onset } of voters) {
    for (let semitones = -MOST_SEMITONES; semitones <= MOST_SEMITONES; semitones++) {
      const others = onsets.get(pitch + semitones);
      if (!others) continue;
      const zero = (semitones + MOST_SEMITONES) * places - onset, end = onset + places;
      let k = 0;
      while (k < others.length && others[k]! < onset) k++;
      for (; k < others.length && others[k]! < end; k++) {
        const count = ++votes[zero + others[k]!]!;
        if (count > top) top = count;
      }
    }
  }
  return top;
}

/** The cells of a passage in its own key, as a view; undefined where there is none. */
function passageOf({ stretch, start }: NearestPassage, length: number): Uint8Array | undefined {
  if (!stretch) return undefined;
  const columns = columnsOf(stretch.roll.format);
  return stretch.roll.cells.subarray(start * columns, (start + length) * columns);
}

/** A passage in the key of the roll that it is nearest to; undefined where there is none. */
export function movedPassage(nearest: NearestPassage, { format, length }: RollSet): PianoRoll | undefined {
  const passage = passageOf(nearest, length);
  if (!passage) return undefined;
  const columns = columnsOf(format);
  const cells = passage.map((_, at) => {
    const pitch = at % columns % format.pitches + nearest.semitones;
    return pitch >= 0 && pitch < format.pitches ? passage[at + nearest.semitones]! : 0;
  });
  return { format, steps: length, cells };
}

/** 1 - Dice of a roll's cells and those of a passage that is so many semitones higher. */
function dissimilarity(
  { format: { pitches, ...rest }, cells }: PianoRoll,
  passage: Uint8Array,
  semitones: number,
): number {
  const columns = columnsOf({ ...rest, pitches });
  let shared = 0;
  cells.forEach((cell, at) => {
    const pitch = at % columns % pitches + semitones;
    if (cell === 1 && pitch >= 0 && pitch < pitches && passage[at + semitones] === 1) shared++;
  });
  const on = (some: Uint8Array) => some.reduce((sum, cell) => sum + cell, 0);
  return 1 - 2 * shared / (on(cells) + on(passage));
}

/**
 * Share of the rolls whose nearest passage is a copy: a dissimilarity of at most `threshold`. 0 without rolls.
 */
export function copyRate(nearest: readonly NearestPassage[], threshold = 0.1): number {
  const copies = nearest.filter(({ dissimilarity }) => dissimilarity <= threshold);
  return copies.length / Math.max(1, nearest.length);
}
