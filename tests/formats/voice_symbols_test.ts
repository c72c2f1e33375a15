import assert from "node:assert/strict";
import fc from "fast-check";
import {
  symbolsOf,
  type VoiceFormat,
  voicesOfSymbols,
  voiceSymbols,
} from "../../pipeline/formats/voice_symbols.ts";
import { REST, voicesOfNotes } from "../../pipeline/formats/voices.ts";

const FORMAT: VoiceFormat = { names: ["high", "low"], lowestPitch: 60, pitches: 3 };
const [HOLD, SILENT] = [3, 4];

/** What each voice does at each step, as numbers of symbols. */
function numbers(example: Uint8Array): number[] {
  const symbols = symbolsOf(FORMAT);
  return Array.from({ length: example.length / symbols }, (_, at) => {
    const row = example.subarray(at * symbols, (at + 1) * symbols);
    assert.equal(row.reduce((sum, value) => sum + value, 0), 1);
    return row.indexOf(1);
  });
}

Deno.test("a voice begins a pitch, holds it or rests: one symbol a step", () => {
  const voices = voicesOfNotes([
    [{ pitch: 60, onset: 0, end: 2 }, { pitch: 60, onset: 2, end: 3 }],
    [{ pitch: 62, onset: 1, end: 3 }],
  ], 4);
  assert.deepEqual(numbers(voiceSymbols(voices, FORMAT)), [0, SILENT, HOLD, 2, 0, HOLD, SILENT, SILENT]);
});

Deno.test("what is held over from before begins with the window, and a pitch without a symbol is refused", () => {
  const held = { steps: 1, voices: 2, pitches: Int16Array.of(61, REST), onsets: Uint8Array.of(0, 0) };
  assert.deepEqual(numbers(voiceSymbols(held, FORMAT)), [1, SILENT]);
  for (const pitch of [59, 63, 64]) {
    const outside = { ...held, pitches: Int16Array.of(pitch, REST) };
    assert.throws(() => voiceSymbols(outside, FORMAT), RangeError);
  }
});

Deno.test("a hold where nothing sounds is a rest, also at the first step of the second example", () => {
  const symbols = symbolsOf(FORMAT);
  const examples = new Uint8Array(4 * 2 * symbols); // two examples of two steps
  // Each: [hold, 60], [hold, hold].
  for (const [at, symbol] of [HOLD, 0, HOLD, HOLD, HOLD, 0, HOLD, HOLD].entries()) {
    examples[at * symbols + symbol] = 1;
  }
  const { pitches, onsets } = voicesOfSymbols(examples, FORMAT, 2);
  assert.deepEqual(Array.from(pitches), [REST, 60, REST, 60, REST, 60, REST, 60]);
  assert.deepEqual(Array.from(onsets), [0, 1, 0, 0, 0, 1, 0, 0]);
});

Deno.test("whatever voices sing, their symbols say it again", () => {
  const note = fc.record({
    pitch: fc.integer({ min: 60, max: 62 }),
    length: fc.integer({ min: 1, max: 3 }),
    gap: fc.integer({ min: 0, max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(note, { maxLength: 5 }), { minLength: 2, maxLength: 2 }), (lines) => {
      const notes = lines.map((line) => {
        let at = 0;
        return line.map(({ pitch, length, gap }) => {
          const onset = at + gap;
          at = onset + length;
          return { pitch, onset, end: at };
        });
      });
      const voices = voicesOfNotes(notes, 16);
      assert.deepEqual(voicesOfSymbols(voiceSymbols(voices, FORMAT), FORMAT, 16), voices);
    }),
  );
});
