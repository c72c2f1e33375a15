import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { notesOfVoice } from "../../../pipeline/formats/voices.ts";
import { type VoiceFormat, voicesOfSymbols } from "../../../pipeline/formats/voice_symbols.ts";
import { chooseSymbols } from "../../../pipeline/kinds/music/symbols.ts";
import * as page from "../../../pipeline/kinds/music/symbols.js";
import { assertNear } from "../../support/assert_near.ts";

const SHARES = [0.5, 0.2, 0.3, 0, 0];
const VOICES: VoiceFormat = { names: ["high", "low"], lowestPitch: 60, pitches: 3 };

Deno.test("symbols are drawn as often as they are probable, one for each voice", () => {
  const draws = 20_000;
  const means = Float32Array.from({ length: draws * 5 }, (_, i) => SHARES[i % 5]!);
  const chosen = chooseSymbols(means, 5, randomStream(1, "test"));
  const counts = SHARES.map((_, symbol) =>
    chosen.reduce((sum, one, i) => sum + (i % 5 === symbol ? one : 0), 0)
  );
  // Four standard deviations of a share are below 0.015.
  assertNear(counts.map((count) => count / draws), SHARES, { absolute: 0.015 });
  assert.equal(counts.reduce((sum, count) => sum + count, 0), draws);
});

Deno.test("without a stream the most probable symbol is taken, by the page too", () => {
  const means = Float32Array.of(0.1, 0.2, 0.6, 0.05, 0.05, 0, 0, 0.1, 0.9, 0);
  const expected = [0, 0, 1, 0, 0, 0, 0, 0, 1, 0];
  assert.deepEqual(Array.from(chooseSymbols(means, 5, undefined)), expected);
  assert.deepEqual(Array.from(page.chooseSymbols(means, VOICES)), expected);
});

Deno.test("the page reads the notes out of symbols that the report's MIDI files have", () => {
  const stream = randomStream(2, "test"), length = 12;
  for (let round = 0; round < 50; round++) {
    const means = stream.fillUniform(new Float32Array(length * 2 * 5));
    const example = chooseSymbols(means, 5, stream);
    const voices = voicesOfSymbols(example, VOICES, length);
    const expected = [0, 1].flatMap((voice) => notesOfVoice(voices, voice))
      .map(({ pitch, onset, end }) => [pitch, onset, end])
      .sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
    assert.deepEqual(page.notesOfSymbols(example, VOICES), expected);
  }
});

Deno.test("the page draws by the numbers that it is given, the same each time", () => {
  const means = Float32Array.from([...SHARES, ...SHARES]);
  const uniforms = [0.71, 0.1];
  assert.deepEqual(Array.from(page.chooseSymbols(means, VOICES, (at: number) => uniforms[at])), [
    0,
    0,
    1,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
  ]);
});
