import assert from "node:assert/strict";
import { UserError } from "../../../pipeline/base/errors.ts";
import { notesOfVoice, type Voices, voicesOfNotes } from "../../../pipeline/formats/voices.ts";
import { harmoniseWindows, readMelody } from "../../../pipeline/kinds/music/melody.ts";
import { writeMidi } from "../../../pipeline/kinds/music/midi.ts";
import type { MusicInfo } from "../../../pipeline/kinds/music/music.ts";

const INFO = {
  format: { stepsPerQuarter: 4, lowestPitch: 36, pitches: 46, articulation: true },
  voices: { names: ["soprano", "bass"], lowestPitch: 36, pitches: 46 },
} as unknown as MusicInfo & { readonly voices: NonNullable<MusicInfo["voices"]> };

function midiOf(...notes: readonly (readonly [pitch: number, onset: number, end: number])[]): Uint8Array {
  return writeMidi({
    title: "",
    ticksPerQuarter: 4,
    notes: notes.map(([pitch, onset, end]) => ({
      pitch,
      onset,
      duration: end - onset,
      velocity: 80,
      track: 0,
    })),
    tempi: [{ tick: 0, microsecondsPerQuarter: 500_000 }],
    metres: [{ tick: 0, numerator: 3, denominator: 4 }],
    keys: [],
    tracks: [{ name: "", channel: 0, program: 0 }],
  });
}

Deno.test("a file's melody is its highest notes, step by step, with its tempo and metre", () => {
  const { voices, tempo, bars } = readMelody(midiOf([60, 0, 8], [64, 2, 4], [64, 4, 6]), "a.mid", INFO);
  assert.deepEqual(notesOfVoice(voices, 0), [
    { pitch: 60, onset: 0, end: 2 },
    { pitch: 64, onset: 2, end: 4 },
    { pitch: 64, onset: 4, end: 6 },
    { pitch: 60, onset: 6, end: 8 },
  ]);
  assert.equal(tempo, 120);
  assert.deepEqual([bars.metre, bars.stepsPerBar, bars.stepOfBar], ["3/4", 12, 0]);
});

Deno.test("a file without a note, or with notes that the model does not know, is refused in words", () => {
  const refused = (bytes: Uint8Array, words: RegExp) =>
    assert.throws(() => readMelody(bytes, "a.mid", INFO), (error) => {
      assert.ok(error instanceof UserError);
      assert.match([error.message, ...error.notes].join(" "), words);
      return true;
    });
  refused(midiOf(), /under a\.mid: there is no note in it/);
  refused(midiOf([60, 0, 1], [90, 1, 2]), /goes from C4 to F♯6.*from C2 to A5/);
});

Deno.test("a melody of any length is harmonised window by window, and the result is as long as it is", () => {
  const melody = voicesOfNotes([[{ pitch: 60, onset: 0, end: 6 }, { pitch: 62, onset: 6, end: 10 }]], 10);
  const seen: Voices[] = [];
  const whole = harmoniseWindows(melody, 4, (window) => {
    seen.push(window);
    const bass = voicesOfNotes([[{ pitch: 48, onset: 0, end: window.steps }]], window.steps);
    const both = [0, 1, 2, 3].flatMap((step) => [window.pitches[step]!, bass.pitches[step]!]);
    return { steps: 4, voices: 2, pitches: Int16Array.from(both), onsets: new Uint8Array(8) };
  });
  assert.deepEqual(seen.map(({ pitches }) => [...pitches]), [[60, 60, 60, 60], [60, 60, 62, 62], [
    62,
    62,
    -1,
    -1,
  ]]);
  assert.deepEqual([whole.steps, whole.voices], [10, 2]);
  assert.deepEqual(notesOfVoice(whole, 0).map(({ pitch }) => pitch), [60, 62]);
});
