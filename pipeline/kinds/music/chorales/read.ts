import { UserError } from "../../../base/errors.ts";
import { REST, type Voices } from "../../../formats/voices.ts";
import { type PartName, PARTS } from "../../../artifacts/dataset.ts";

/** A piece of one of the parts. */
export interface Chorale {
  readonly part: PartName;
  /** From 0, in its part. */
  readonly number: number;
  /** What is sung; where it is chords, their pitches from the highest on, each anew at each step. */
  readonly voices: Voices;
}

/** What the files call the parts. */
const NAMES = { train: "train", validation: "valid", test: "test" } as const satisfies Record<
  PartName,
  string
>;

/** The most pitches of a step. */
const MOST = 4;

/** Whether something is a list of pieces: of steps, of MIDI numbers. */
function isListOfPieces(value: unknown): value is number[][][] {
  const isList = (value: unknown, ofWhat: (entry: unknown) => boolean) =>
    Array.isArray(value) && value.every(ofWhat);
  const isPitch = (pitch: unknown) =>
    Number.isInteger(pitch) && REST <= (pitch as number) && (pitch as number) <= 127;
  const isStep = (step: unknown) => isList(step, isPitch) && (step as unknown[]).length <= MOST;
  return isList(value, (piece) => isList(piece, isStep));
}

/**
 * Reads pieces: JSON with lists `train`, `valid` and `test` of pieces, a piece being a list of steps, a step the MIDI
 * numbers that sound, of each voice in turn or of all together; -1 is a rest. A voice's pitch that sounds on is held: the
 * files do not tell held notes from repeated ones.
 *
 * @param isByVoice whether pitches are those of voices, in their order; otherwise they are chords
 * @throws {UserError} where the file is something else
 */
export function readChorales(text: string, file: string, isByVoice: boolean): Chorale[] {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UserError(`Cannot read ${file}: it is no JSON`, { cause: error });
  }
  return PARTS.flatMap((part) => {
    const pieces = content[NAMES[part]];
    if (!isListOfPieces(pieces)) {
      throw new UserError(
        `Cannot read ${file}: "${
          NAMES[part]
        }" is no list of pieces, each of steps, each of at most ${MOST} pitches`,
      );
    }
    return pieces.map((steps, number) => ({
      part,
      number,
      voices: isByVoice ? voicesOfSteps(steps) : voicesOfChords(steps),
    }));
  });
}

/** Chords as voices that begin anew at each step, the highest pitch first. */
function voicesOfChords(list: readonly (readonly number[])[]): Voices {
  const sorted = list.map((chord) => [...new Set(chord)].sort((a, b) => b - a));
  const filled = sorted.map((chord) => [...chord, ...new Array<number>(MOST - chord.length).fill(REST)]);
  const { onsets, ...voices } = voicesOfSteps(filled);
  return { ...voices, onsets: onsets.map((_, at) => Number(voices.pitches[at] !== REST)) };
}

function voicesOfSteps(list: readonly (readonly number[])[]): Voices {
  const steps = list.length, voices = Math.max(...list.map((step) => step.length));
  const pitches = new Int16Array(steps * voices).fill(REST), onsets = new Uint8Array(steps * voices);
  for (const [step, sounding] of list.entries()) {
    for (const [voice, pitch] of sounding.entries()) {
      const at = step * voices + voice;
      pitches[at] = pitch;
      onsets[at] = Number(pitch !== REST && (step === 0 || pitches[at - voices] !== pitch));
    }
  }
  return { steps, voices, pitches, onsets };
}
