import { UserError } from "../../../base/errors.ts";
import { REST, type Voices } from "../../../formats/voices.ts";
import { type PartName, PARTS } from "../../../artifacts/dataset.ts";

/** A piece of one of the parts. */
export interface Chorale {
  readonly part: PartName;
  /** From 0, in its part. */
  readonly number: number;
  /** In a roll so many "voices" as pitches sound at once, in no order. */
  readonly voices: Voices;
}

/** What the files call the parts. */
const NAMES = { train: "train", validation: "valid", test: "test" } as const satisfies Record<
  PartName,
  string
>;

/** Whether something is a list of pieces: of steps, of MIDI numbers. */
function isListOfPieces(value: unknown): value is number[][][] {
  const isList = (value: unknown, ofWhat: (entry: unknown) => boolean) =>
    Array.isArray(value) && value.every(ofWhat);
  const isPitch = (pitch: unknown) =>
    Number.isInteger(pitch) && REST <= (pitch as number) && (pitch as number) <= 127;
  return isList(value, (piece) => isList(piece, (step) => isList(step, isPitch)));
}

/**
 * Reads pieces: JSON with lists `train`, `valid` and `test` of pieces, a piece being a list of steps, a step the MIDI
 * numbers that sound, of each voice in turn or of all together; -1 is a rest. A pitch that sounds on is held: the files
 * do not tell held notes from repeated ones.
 *
 * @throws {UserError} where the file is something else
 */
export function readChorales(text: string, file: string): Chorale[] {
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
        `Cannot read ${file}: "${NAMES[part]}" is no list of pieces, each of steps, each of pitches`,
      );
    }
    return pieces.map((steps, number) => ({ part, number, voices: voicesOfSteps(steps) }));
  });
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
