import assert from "node:assert/strict";
import fc from "fast-check";
import { type GridNote, rollNotes } from "../../pipeline/formats/piano_roll.ts";
import {
  notesOfVoice,
  REST,
  rollOfVoices,
  voicesBetween,
  voicesOfNotes,
} from "../../pipeline/formats/voices.ts";

const FORMAT = { stepsPerQuarter: 4, lowestPitch: 36, pitches: 48, articulation: true };

/** A voice of `steps` steps: notes with rests between some of them. */
const voice = (steps: number) =>
  fc.array(
    fc.record({
      pitch: fc.integer({ min: 36, max: 83 }),
      rest: fc.integer({ min: 0, max: 2 }),
      length: fc.integer({ min: 1, max: 6 }),
    }),
  ).map((parts) => {
    const notes: GridNote[] = [];
    let at = 0;
    for (const { pitch, rest, length } of parts) {
      const onset = at + rest;
      at = onset + length;
      if (at <= steps) notes.push({ pitch, onset, end: at });
    }
    return notes;
  });

Deno.test("what the voices sing reads back as the notes that they were made of", () => {
  fc.assert(fc.property(fc.array(voice(24), { minLength: 1, maxLength: 4 }), (notes) => {
    const voices = voicesOfNotes(notes, 24);
    assert.deepEqual(notes.map((_, i) => notesOfVoice(voices, i)), notes);
  }));
});

Deno.test("a held pitch is one note, a struck one two, and a change of pitch begins one of itself", () => {
  const voices = {
    steps: 6,
    voices: 1,
    pitches: Int16Array.of(60, 60, 60, 62, REST, 62),
    onsets: Uint8Array.of(1, 0, 1, 0, 0, 1),
  };
  assert.deepEqual(notesOfVoice(voices, 0), [
    { pitch: 60, onset: 0, end: 2 },
    { pitch: 60, onset: 2, end: 3 },
    { pitch: 62, onset: 3, end: 4 },
    { pitch: 62, onset: 5, end: 6 },
  ]);
});

Deno.test("a stretch begins with a note that is held over, and overlaps are cut where the next note begins", () => {
  const voices = voicesOfNotes([[{ pitch: 60, onset: 0, end: 9 }, { pitch: 64, onset: 4, end: 8 }]], 8);
  const stretch = voicesBetween(voices, 2, 4);
  assert.deepEqual([...stretch.pitches], [60, 60, 64, 64]);
  assert.deepEqual([...stretch.onsets], [0, 0, 1, 0]);
  assert.deepEqual(notesOfVoice(stretch, 0).map(({ onset, end }) => [onset, end]), [[0, 2], [2, 4]]);
  assert.deepEqual(voicesOfNotes([[{ pitch: 60, onset: -2, end: 2 }]], 3).onsets, new Uint8Array(3));
});

Deno.test("on a piano roll voices are the notes of all, those in unison once and those off the grid not", () => {
  const voices = voicesOfNotes([
    [{ pitch: 72, onset: 0, end: 4 }, { pitch: 72, onset: 4, end: 8 }],
    [{ pitch: 60, onset: 0, end: 2 }, { pitch: 120, onset: 2, end: 8 }],
    [{ pitch: 60, onset: 0, end: 3 }],
  ], 8);
  assert.deepEqual(
    rollNotes(rollOfVoices(voices, FORMAT)).map(({ pitch, onset, end }) => [pitch, onset, end]),
    [
      [60, 0, 3],
      [72, 0, 4],
      [72, 4, 8],
    ],
  );
});
