import assert from "node:assert/strict";
import { randomStream } from "../../../pipeline/base/random.ts";
import { voicesOfNotes } from "../../../pipeline/formats/voices.ts";
import { symbolsOf } from "../../../pipeline/formats/voice_symbols.ts";
import type { CompiledDecoder } from "../../../pipeline/inference/decoder.ts";
import { CODES_TRIED, harmonise } from "../../../pipeline/kinds/music/harmonise.ts";
import type { MusicInfo } from "../../../pipeline/kinds/music/music.ts";

const VOICES = { names: ["high", "low"], lowestPitch: 60, pitches: 12 };
const [LENGTH, LATENT, SYMBOLS] = [4, 3, symbolsOf(VOICES)];
const INFO = {
  format: { stepsPerQuarter: 4, lowestPitch: 60, pitches: 12, articulation: true },
  voices: VOICES,
  length: LENGTH,
} as unknown as MusicInfo;

/** Both voices sing about 64 and twice the first dimension of z, in a normal distribution over the symbols. */
const decoder: CompiledDecoder = {
  decode(codes) {
    const count = codes.length / LATENT, values = new Float32Array(count * LENGTH * 2 * SYMBOLS);
    for (let at = 0; at < values.length; at += SYMBOLS) {
      const centre = 4 + 2 * codes[Math.floor(at / (LENGTH * 2 * SYMBOLS)) * LATENT]!;
      const weights = Array.from({ length: SYMBOLS }, (_, symbol) => Math.exp(-((symbol - centre) ** 2) / 2));
      const all = weights.reduce((sum, weight) => sum + weight, 0);
      values.set(weights.map((weight) => weight / all), at);
    }
    return { height: LENGTH, width: 2 * SYMBOLS, channels: 1, values };
  },
  write: undefined,
  dispose() {},
};

Deno.test("z is found that makes a melody likely, the melody stays, and the voices under it follow z", () => {
  // Four notes of 68: eight symbols from the lowest, which z's first dimension has to be 2 for.
  const notes = [0, 1, 2, 3].map((step) => ({ pitch: 68, onset: step, end: step + 1 }));
  const melody = voicesOfNotes([notes], LENGTH);
  const prior = randomStream(1, "prior").fillNormal(new Float32Array(CODES_TRIED * LATENT));
  const generation = { cells: "sample", threshold: 0.2, monophonic: false } as const;
  const write = () => harmonise(decoder, melody, prior, LATENT, INFO, generation, randomStream(1, "write"));
  const { voices, melodyNll } = write();
  assert.deepEqual([0, 1, 2, 3].map((step) => voices.pitches[2 * step]), [68, 68, 68, 68]);
  assert.deepEqual([0, 1, 2, 3].map((step) => voices.onsets[2 * step]), [1, 1, 1, 1]);
  // A normal of variance 1 at its mode has log sqrt(2 pi) nats a note; the prior is 4 away on average, and its square over 2 more.
  const best = LENGTH * Math.log(Math.sqrt(2 * Math.PI));
  assert.ok(melodyNll.found < best + 0.1 && melodyNll.found > best - 1e-3, `${melodyNll.found}`);
  assert.ok(melodyNll.prior > best + 10);
  assert.ok([0, 1, 2, 3].every((step) => Math.abs(voices.pitches[2 * step + 1]! - 68) <= 4));
  assert.deepEqual(write(), { voices, melodyNll });
});
