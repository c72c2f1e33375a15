import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { notesOfVoice, type Voices, voicesOfNotes } from "../../../pipeline/formats/voices.ts";
import { chordChain } from "../../../pipeline/metrics/voices/chord_chain.ts";

/** A voice that sings such pitches, each so many steps, over a held bass. */
function piece(...notes: readonly (readonly [pitch: number, steps: number])[]): Voices {
  let at = 0;
  const upper = notes.map(([pitch, steps]) => ({ pitch, onset: at, end: at += steps }));
  return voicesOfNotes([upper, [{ pitch: 48, onset: 0, end: at }]], at);
}

Deno.test("a chain that knows one way goes it, durations and held notes included, and begins anew at its end", () => {
  const only = piece([60, 2], [62, 1], [64, 3]);
  const { chords, sample } = chordChain([only]);
  assert.equal(chords, 3);
  const sampled = sample(9, randomStream(1, "chain"));
  assert.deepEqual(sampled.pitches.subarray(0, 12), only.pitches);
  assert.deepEqual(sampled.onsets.subarray(0, 12), only.onsets);
  assert.deepEqual(notesOfVoice(sampled, 1).map(({ onset, end }) => [onset, end]), [[0, 6], [6, 9]]);
});

Deno.test("from a chord a chain goes on as often as the pieces do", () => {
  // After 60 come 62, 62 and 64; each piece ends there.
  const { sample } = chordChain([piece([60, 1], [62, 1]), piece([60, 1], [62, 1]), piece([60, 1], [64, 1])]);
  const { pitches } = sample(6000, randomStream(1, "chain"));
  const second = pitches.filter((_, at) => at % 4 === 2);
  const share = second.filter((pitch) => pitch === 62).length / second.length;
  // Three standard deviations of 3,000 draws.
  assert.ok(Math.abs(share - 2 / 3) < 3 * Math.sqrt(2 / 9 / 3000), String(share));
});

Deno.test("a chain's samples are the stream's: the same again, and others by another", () => {
  const { sample } = chordChain([piece([60, 1], [62, 2], [60, 2], [64, 1], [60, 1], [65, 1])]);
  assert.deepEqual(sample(50, randomStream(1, "a")), sample(50, randomStream(1, "a")));
  assert.notDeepEqual(sample(50, randomStream(1, "a")), sample(50, randomStream(1, "b")));
});
