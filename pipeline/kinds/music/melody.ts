import { UserError } from "../../base/errors.ts";
import { pitchName } from "../../figures/drawing/piano_roll.ts";
import { REST, type Voices, voicesBetween, voicesTogether } from "../../formats/voices.ts";
import type { VoiceFormat } from "../../formats/voice_symbols.ts";
import { placeInBar } from "../../formats/bars.ts";
import type { Bars } from "../../metrics/music.ts";
import { meanTempo, parseMidi } from "./midi.ts";
import type { MusicInfo } from "./music.ts";
import { metresOnGrid, scoreToGrid } from "./piano_roll.ts";

/** A melody on the grid of a dataset, and what its file says of it. */
export interface Melody {
  /** One voice. */
  readonly voices: Voices;
  /** Quarter notes a minute. */
  readonly tempo: number;
  /** Those that it begins in. */
  readonly bars: Bars;
}

/**
 * The melody of a MIDI file: of each step the highest note.
 *
 * @throws {UserError} where it is no MIDI file, where there is no note in it, and where some are too high or too low
 */
export function readMelody(
  bytes: Uint8Array,
  file: string,
  { format, voices }: MusicInfo & { readonly voices: VoiceFormat },
): Melody {
  const { score } = parseMidi(bytes, { file });
  const { steps, notes } = scoreToGrid(score, format);
  if (notes.length === 0) throw new UserError(`Cannot write voices under ${file}: there is no note in it`);
  const pitches = new Int16Array(steps).fill(REST), onsets = new Uint8Array(steps);
  // The higher ones last, so that they stand where others sound as well.
  for (const { pitch, onset, end } of notes.toSorted((a, b) => a.pitch - b.pitch || a.onset - b.onset)) {
    pitches.fill(pitch, onset, end);
    onsets.fill(0, onset, end);
    onsets[onset] = 1;
  }
  const sung = pitches.filter((pitch) => pitch !== REST);
  const [low, high] = [Math.min(...sung), Math.max(...sung)];
  const [lowest, highest] = [voices.lowestPitch, voices.lowestPitch + voices.pitches - 1];
  if (low < lowest || high > highest) {
    throw new UserError(
      `Cannot write voices under ${file}: its melody goes from ${pitchName(low)} to ${pitchName(high)}`,
      {
        notes: [
          `The model knows pitches from ${pitchName(lowest)} to ${
            pitchName(highest)
          }: move it by an octave or less.`,
        ],
      },
    );
  }
  return {
    voices: { steps, voices: 1, pitches, onsets },
    tempo: meanTempo(score),
    bars: placeInBar(metresOnGrid(score, format), 0),
  };
}

/**
 * Harmonises a melody of any length, a window after the other.
 *
 * @param harmonise writes all voices of a window, given one melody that is as long
 */
export function harmoniseWindows(
  melody: Voices,
  length: number,
  harmonise: (window: Voices, index: number) => Voices,
): Voices {
  const windows = Math.ceil(melody.steps / length);
  const rest = windows * length - melody.steps;
  const padded = voicesTogether([melody, {
    steps: rest,
    voices: 1,
    pitches: new Int16Array(rest).fill(REST),
    onsets: new Uint8Array(rest),
  }]);
  const whole = Array.from(
    { length: windows },
    (_, i) => harmonise(voicesBetween(padded, i * length, length), i),
  );
  return voicesBetween(voicesTogether(whole), 0, melody.steps);
}
