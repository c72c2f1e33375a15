import { concatenated } from "../base/arrays.ts";
import { columnsOf, type GridNote, type PianoRoll, type RollFormat } from "./piano_roll.ts";

/** Nothing sounds. */
export const REST = -1;

/**
 * Music of voices that each sing one note at a time, on a grid: what sounds in each voice at each step. A note
 * sounds from where it begins to where its voice rests, sings another pitch or begins anew.
 */
export interface Voices {
  /** How many. */
  readonly steps: number;
  /** How many, the highest first. */
  readonly voices: number;
  /** MIDI numbers of the pitches that sound, -1 for a rest, [steps, voices]. */
  readonly pitches: Int16Array;
  /**
   * 1 where a note begins, 0 where it is held and at rests, [steps, voices]. A note that sounds at the first step and
   * does not begin there is held over from before.
   */
  readonly onsets: Uint8Array;
}

/** A piano roll, and who sings what sounds where voices are told apart. */
export interface SungRoll extends PianoRoll {
  /** As many steps as the roll; absent where voices are not told apart. */
  readonly voices?: Voices;
}

/** The notes of one voice, by onset. A change of pitch begins a note also where no onset is marked. */
export function notesOfVoice({ steps, voices, pitches, onsets }: Voices, voice: number): GridNote[] {
  const notes: GridNote[] = [];
  let onset = 0, sounding = REST;
  for (let step = 0; step <= steps; step++) {
    const at = step * voices + voice, pitch = step < steps ? pitches[at]! : REST;
    if (pitch === sounding && onsets[at] !== 1) continue;
    if (sounding !== REST) notes.push({ pitch: sounding, onset, end: step });
    [onset, sounding] = [step, pitch];
  }
  return notes;
}

/**
 * Voices of the notes of each. In a voice a note ends where the next one begins; what lies outside of the steps is cut
 * off, and a note that began before the first is held over.
 *
 * @param notes of each voice, by onset
 */
export function voicesOfNotes(notes: readonly (readonly GridNote[])[], steps: number): Voices {
  const voices = notes.length;
  const pitches = new Int16Array(steps * voices).fill(REST), onsets = new Uint8Array(steps * voices);
  for (const [voice, its] of notes.entries()) {
    for (const [i, { pitch, onset, end }] of its.entries()) {
      const until = Math.min(end, its[i + 1]?.onset ?? steps, steps);
      for (let step = Math.max(0, onset); step < until; step++) {
        pitches[step * voices + voice] = pitch;
        onsets[step * voices + voice] = Number(step === onset);
      }
    }
  }
  return { steps, voices, pitches, onsets };
}

/** The steps from `start` on, `length` of them, as views. */
export function voicesBetween({ voices, pitches, onsets }: Voices, start: number, length: number): Voices {
  const [from, to] = [start * voices, (start + length) * voices];
  return { steps: length, voices, pitches: pitches.subarray(from, to), onsets: onsets.subarray(from, to) };
}

/** Stretches of as many voices, one after the other. @param stretches one or more */
export function voicesTogether(stretches: readonly Voices[]): Voices {
  const { voices } = stretches[0]!;
  return {
    steps: stretches.reduce((sum, { steps }) => sum + steps, 0),
    voices,
    pitches: concatenated(Int16Array, stretches.map(({ pitches }) => pitches)),
    onsets: concatenated(Uint8Array, stretches.map(({ onsets }) => onsets)),
  };
}

/** All voices on one piano roll; pitches outside of the format are left out. */
export function rollOfVoices({ steps, voices, pitches, onsets }: Voices, format: RollFormat): PianoRoll {
  const columns = columnsOf(format), cells = new Uint8Array(steps * columns);
  for (const [at, pitch] of pitches.entries()) {
    const column = pitch - format.lowestPitch;
    if (pitch === REST || column < 0 || column >= format.pitches) continue;
    const row = Math.floor(at / voices) * columns;
    cells[row + column] = 1;
    if (format.articulation && onsets[at] === 1) cells[row + format.pitches + column] = 1;
  }
  return { format, steps, cells };
}
